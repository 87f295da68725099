/**
 * One RL step's learning (paper, section 2.3), the same for every algorithm: judge the episodes (./judge), leave out
 * what teaches nothing, cut the rest into mini-batches, and take an AdamW step on each. The loss itself is one kernel
 * pair (tensor/ops/policy-loss); here its inputs are laid out.
 */
import type { LabConfig } from "../config/schema";
import { letMessagesIn } from "../core/pause";
import { FaultError } from "../core/result";
import type { Rng } from "../core/rng";
import type { AdamWSettings, CriticTerms, Policy, PolicyBatch, UpdateStatistics } from "../policy/policy";
import { algorithms } from "./algorithms";
import { alignToPredictions, makeBatch } from "./batch";
import type { Experience } from "./experience";
import { type Judged, judgeEpisodes, type JudgeRequest } from "./judge";

const reported = [
  "loss",
  "clipFractionLow",
  "clipFractionHigh",
  "approximateKl",
  "entropy",
  "referenceKl",
  "valueLoss",
  "gradientNorm",
  "criticGradientNorm",
] as const;

/** Means over the mini-batches; gradient norms are before clipping. */
type Reported = Record<(typeof reported)[number], number>;

export interface LearnReport extends Reported, Pick<Judged, "mixedGroups" | "maskedEpisodes" | "explainedVariance"> {
  /** Before the first update, where trainer and sampler are the same policy: there, a gap is a fault. */
  largestLogprobGap: number;
  /** AdamW steps taken. */
  updates: number;
  /** Mini-batches whose gradient was not finite; the policy stayed as it was. */
  skipped: number;
  /** Whether only the critic learned. */
  warmingUp: boolean;
  /** Whether the policy was compared with the one it began as. */
  compared: boolean;
}

export interface LearnRequest extends JudgeRequest {
  /** The step's own, from the schedule (./learning-rate). */
  learningRate: number;
  /** Of a critic that is a network of its own. */
  criticLearningRate: number;
  /** Shuffles the mini-batches. */
  rng: Rng;
  onProgress?: (done: number, total: number) => void;
}

/** An experience with what its tokens were judged to be worth. */
interface Lesson extends Experience {
  readonly advantages: readonly number[];
  readonly returns: readonly number[] | null;
}

/** Cuts a shuffled list into `count` parts of nearly equal size, none empty. */
function partition<T>(items: readonly T[], count: number): T[][] {
  const parts = Math.min(count, items.length);
  const bounds = Array.from({ length: parts + 1 }, (_, i) => Math.round((i * items.length) / parts));
  return Array.from({ length: parts }, (_, i) => items.slice(bounds[i], bounds[i + 1]));
}

/** Scores nearer than this differ by rounding alone. */
const equalScores = 1e-9;

/** Groups in which some score differs from another. */
function unequalGroups(experiences: readonly Experience[]): Set<number> {
  const first = new Map<number, number>();
  const unequal = new Set<number>();
  for (const { group, score } of experiences) {
    const known = first.get(group);
    if (known === undefined) first.set(group, score);
    else if (Math.abs(score - known) > equalScores) unequal.add(group);
  }
  return unequal;
}

/** Those that have a learned token; without groups of equal rewards, unless these are kept. */
function lessonsOf({ experiences, advantages, returns }: Judged, settings: LabConfig["learn"]): Lesson[] {
  const lessons = experiences.map((one, i) => ({ ...one, advantages: advantages[i], returns: returns?.[i] ?? null }));
  // A group that was made up for by a fresh one would only thin the others out.
  const mayBeEqual = settings.equalGroups === "keep" && settings.refills === 0;
  const unequal = unequalGroups(experiences);
  return lessons.filter(({ mask, group }) => mask.includes(1) && (mayBeEqual || unequal.has(group)));
}

function policyBatch(lessons: readonly Lesson[], request: LearnRequest, warmingUp: boolean): PolicyBatch {
  const { settings, padding, maxTokens } = request;
  const { clipLow, clipHigh, dualClip, entropyBonus, klCoefficient, klIn } = settings;
  const { ratio, surrogate } = algorithms[settings.algorithm];
  const batch = makeBatch(lessons, padding, settings.aggregation, maxTokens);
  const laid = (of: (lesson: Lesson, t: number) => number): Float32Array =>
    alignToPredictions(lessons, batch.length, (row, t) => of(lessons[row], t));
  const compares = lessons.some(({ referenceLogprobs }) => referenceLogprobs !== null);
  return {
    kind: "policy",
    ...batch,
    oldLogprobs: laid((lesson, t) => lesson.oldLogprobs[t]),
    advantages: laid((lesson, t) => (warmingUp ? 0 : lesson.advantages[t] * lesson.corrections[t])),
    clipLow,
    clipHigh,
    dualClip,
    ratio,
    surrogate,
    entropyBonus: warmingUp ? 0 : entropyBonus,
    ...(compares && {
      // In the reward it is paid already; here it is only measured.
      klCoefficient: warmingUp || klIn === "reward" ? 0 : klCoefficient,
      referenceLogprobs: laid((lesson, t) => lesson.referenceLogprobs?.[t] ?? 0),
    }),
  };
}

function criticTerms(lessons: readonly Lesson[], length: number, settings: LabConfig["learn"]): CriticTerms {
  const laid = (of: (lesson: Lesson, t: number) => number): Float32Array =>
    alignToPredictions(lessons, length, (row, t) => of(lessons[row], t));
  return {
    oldValues: laid((lesson, t) => lesson.values?.[t] ?? 0),
    returns: laid((lesson, t) => lesson.returns?.[t] ?? 0),
    valueClip: settings.valueClip,
    valueCoefficient: settings.valueCoefficient,
  };
}

type Updated = UpdateStatistics & { gradientNorm: number };

/** An AdamW step, or null where its gradient was not finite and no step was taken. */
async function finiteUpdate(policy: Policy, batch: PolicyBatch, optimizer: AdamWSettings): Promise<Updated | null> {
  try {
    return await policy.update(batch, optimizer);
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === "not-finite") return null;
    throw error;
  }
}

/** One mini-batch: the policy's update, and the critic's, which is a part of it where the critic is its head. */
async function updateModels(
  lessons: readonly Lesson[],
  request: LearnRequest,
  optimizer: AdamWSettings,
  warmingUp: boolean,
): Promise<Partial<Updated & { criticGradientNorm: number }> | null> {
  const { settings, models } = request;
  const { policy, critic } = models;
  const batch = policyBatch(lessons, request, warmingUp);
  if (!critic) return finiteUpdate(policy, batch, optimizer);
  const terms = criticTerms(lessons, batch.length, settings);
  if (critic === policy) {
    const updated = await finiteUpdate(policy, { ...batch, critic: terms }, optimizer);
    // What it counts beside the policy's loss is no part of how good the critic is.
    return updated && { ...updated, valueLoss: updated.valueLoss / (settings.valueCoefficient || 1) };
  }
  const moved = warmingUp ? {} : await finiteUpdate(policy, batch, optimizer);
  if (!moved) return null;
  // A network of its own learns values alone: no advantage, nothing to be compared with.
  const { referenceLogprobs: _, ...still } = policyBatch(lessons, request, true);
  const own = { ...still, critic: { ...terms, valueCoefficient: 1 } };
  const learned = await finiteUpdate(critic, own, { ...optimizer, learningRate: request.criticLearningRate });
  if (!learned) return warmingUp ? null : moved;
  return { ...moved, valueLoss: learned.valueLoss, criticGradientNorm: learned.gradientNorm };
}

/** Advantages, then an AdamW step per mini-batch and epoch. */
export async function learn(request: LearnRequest): Promise<LearnReport> {
  const { settings, learningRate, rng, onProgress } = request;
  const { beta1, beta2, weightDecay, gradientClip, epochs, miniBatches } = settings;
  const optimizer: AdamWSettings = { learningRate, beta1, beta2, epsilon: 1e-8, weightDecay, gradientClip };
  const judged = await judgeEpisodes(request);
  const lessons = lessonsOf(judged, settings);
  const warmingUp = request.models.critic !== null && request.step <= settings.criticWarmUp;
  const { mixedGroups, maskedEpisodes, explainedVariance } = judged;
  const report: LearnReport = {
    ...(Object.fromEntries(reported.map((name) => [name, 0])) as Reported),
    mixedGroups,
    maskedEpisodes,
    explainedVariance,
    largestLogprobGap: judged.samplerMismatch ?? 0,
    updates: 0,
    skipped: 0,
    warmingUp,
    compared: request.models.reference !== null,
  };
  const total = epochs * Math.min(miniBatches, lessons.length);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const members of partition(rng.fold("epoch", epoch).shuffle(lessons), miniBatches)) {
      const statistics = await updateModels(members, request, optimizer, warmingUp);
      if (statistics) addStatistics(report, statistics, judged.samplerMismatch);
      else report.skipped++;
      onProgress?.(report.updates + report.skipped, total);
      await letMessagesIn();
    }
  }
  for (const name of reported) report[name] /= Math.max(1, report.updates);
  return report;
}

function addStatistics(
  report: LearnReport,
  statistics: Partial<Reported & { largestLogprobGap: number }>,
  mismatch: number | null,
): void {
  for (const name of reported) report[name] += statistics[name] ?? 0;
  if (report.updates === 0) report.largestLogprobGap = mismatch ?? statistics.largestLogprobGap ?? 0;
  report.updates++;
}
