/**
 * GRPO (Shao et al. 2024) with DAPO's clip-higher and token mean (Yu et al. 2025): the lab's default.
 *
 *   1. A group is several episodes of one problem. Its mean reward is the baseline: A_i = (R_i - mean) / deviation.
 *   2. Groups whose rewards are equal have zero advantage everywhere; they are left out.
 *   3. Every token the policy wrote gets its episode's advantage; interpreter tokens get none (mask 0).
 *   4. Loss, mean over mask = 1 tokens of the mini-batch: max(-A r, -A clip(r, 1 - e_low, 1 + e_high)) with
 *      r = exp(logprob - logprob when it was sampled), and for A < 0 at most -A c (dual clip).
 */
import type { LabConfig } from "../config/schema";
import { letMessagesIn } from "../core/pause";
import { FaultError } from "../core/result";
import type { Rng } from "../core/rng";
import type { AdamWSettings, Policy, PolicyBatch, UpdateStatistics } from "../policy/policy";
import type { EpisodeRecord } from "../core/episode";
import { groupRelativeAdvantages } from "./advantage";
import { alignToPredictions, makeBatch, maskedTokens } from "./batch";

type Reported = Pick<
  UpdateStatistics,
  "loss" | "clipFractionLow" | "clipFractionHigh" | "approximateKl" | "entropy" | "largestLogprobGap"
>;

export interface LearnReport extends Reported {
  /** Mean over the mini-batches, before clipping. */
  gradientNorm: number;
  /** Share of groups whose rewards differ. */
  mixedGroups: number;
  /** AdamW steps taken. */
  updates: number;
  /** Mini-batches whose gradient was not finite; the policy stayed as it was. */
  skipped: number;
}

/** Sets `advantage` on every episode, group by group (1). Returns the share of groups that teach. */
export function assignAdvantages(episodes: readonly EpisodeRecord[]): number {
  const groups = new Map<number, EpisodeRecord[]>();
  for (const episode of episodes) groups.set(episode.group, [...(groups.get(episode.group) ?? []), episode]);
  let mixed = 0;
  for (const members of groups.values()) {
    const advantages = groupRelativeAdvantages(members.map(({ reward }) => reward));
    members.forEach((episode, i) => {
      episode.advantage = advantages[i];
    });
    if (advantages.some((advantage) => advantage !== 0)) mixed++;
  }
  return groups.size === 0 ? 0 : mixed / groups.size;
}

/** Cuts a shuffled list into `count` parts of nearly equal size, none empty. */
function partition<T>(items: readonly T[], count: number): T[][] {
  const parts = Math.min(count, items.length);
  const bounds = Array.from({ length: parts + 1 }, (_, i) => Math.round((i * items.length) / parts));
  return Array.from({ length: parts }, (_, i) => items.slice(bounds[i], bounds[i + 1]));
}

export interface LearnRequest {
  policy: Policy;
  episodes: readonly EpisodeRecord[];
  settings: LabConfig["learn"];
  /** The step's own, from the schedule (./learning-rate). */
  learningRate: number;
  /** Id that fills rows up. */
  padding: number;
  /** Shuffles the mini-batches. */
  rng: Rng;
  onProgress?: (done: number, total: number) => void;
}

/** One RL step's learning: advantages, then an AdamW step per mini-batch and epoch. */
export async function learn(request: LearnRequest): Promise<LearnReport> {
  const { policy, episodes, settings, learningRate, padding, rng, onProgress } = request;
  const { beta1, beta2, weightDecay, gradientClip } = settings;
  const optimizer: AdamWSettings = { learningRate, beta1, beta2, epsilon: 1e-8, weightDecay, gradientClip };
  const mixedGroups = assignAdvantages(episodes);
  const teaching = episodes.filter(({ advantage }) => advantage !== 0); // (2)
  const report: LearnReport = { ...noStatistics, gradientNorm: 0, mixedGroups, updates: 0, skipped: 0 };
  const total = settings.epochs * Math.min(settings.miniBatches, teaching.length);
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    const shuffled = rng.fold("epoch", epoch).shuffle(teaching);
    for (const members of partition(shuffled, settings.miniBatches)) {
      if (maskedTokens(members) === 0) continue;
      const batch = makeBatch(members, padding);
      const given: PolicyBatch = {
        kind: "policy",
        ...batch,
        oldLogprobs: alignToPredictions(members, batch.length, (row, t) => members[row].policyLogprobs[t]),
        advantages: alignToPredictions(members, batch.length, (row) => members[row].advantage), // (3)
        clipLow: settings.clipLow,
        clipHigh: settings.clipHigh,
        dualClip: settings.dualClip,
      };
      const statistics = await finiteUpdate(policy, given, optimizer);
      if (statistics) addStatistics(report, statistics);
      else report.skipped++;
      onProgress?.(report.updates + report.skipped, total);
      await letMessagesIn();
    }
  }
  return meanOver(report);
}

/** An AdamW step, or null where its gradient was not finite and no step was taken. */
async function finiteUpdate(
  policy: Policy,
  batch: PolicyBatch,
  optimizer: AdamWSettings,
): Promise<Awaited<ReturnType<Policy["update"]>> | null> {
  try {
    return await policy.update(batch, optimizer);
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === "not-finite") return null;
    throw error;
  }
}

const noStatistics: Reported = {
  loss: 0,
  clipFractionLow: 0,
  clipFractionHigh: 0,
  approximateKl: 0,
  entropy: 0,
  largestLogprobGap: 0,
};

function addStatistics(report: LearnReport, statistics: Reported & { gradientNorm: number }): void {
  report.loss += statistics.loss;
  report.clipFractionLow += statistics.clipFractionLow;
  report.clipFractionHigh += statistics.clipFractionHigh;
  report.approximateKl += statistics.approximateKl;
  report.entropy += statistics.entropy;
  // Only before the first update are trainer and sampler the same policy: there, a gap is a fault.
  if (report.updates === 0) report.largestLogprobGap = statistics.largestLogprobGap;
  report.gradientNorm += statistics.gradientNorm;
  report.updates++;
}

function meanOver(report: LearnReport): LearnReport {
  const updates = Math.max(1, report.updates);
  return {
    ...report,
    loss: report.loss / updates,
    clipFractionLow: report.clipFractionLow / updates,
    clipFractionHigh: report.clipFractionHigh / updates,
    approximateKl: report.approximateKl / updates,
    entropy: report.entropy / updates,
    gradientNorm: report.gradientNorm / updates,
  };
}
