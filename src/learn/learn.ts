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
] as const;

/** Means over the mini-batches; the gradient's norm is before clipping. */
type Reported = Record<(typeof reported)[number], number>;

export interface LearnReport extends Reported, Pick<Judged, "mixedGroups" | "maskedEpisodes" | "explainedVariance"> {
  /** Before the first update: the largest |logprob(trainer) - logprob(sampler)|. Both are the same policy there. */
  samplerMismatch: number;
  /** The largest |log ratio| of a learned token, each update's before its own AdamW step; null where none was taken. */
  largestLogRatio: number | null;
  /** Mini-batches in which a model learned: the policy, or the critic while it warms up. */
  updates: number;
  /** AdamW steps that were not taken, of the policy or the critic, because the gradient was not finite. */
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

/** Those that have a learned token. */
function lessonsOf({ experiences, advantages, returns }: Judged): Lesson[] {
  const lessons = experiences.map((one, i) => ({ ...one, advantages: advantages[i], returns: returns?.[i] ?? null }));
  return lessons.filter(({ mask }) => mask.includes(1));
}

/** One number per learned token of each lesson, at its prediction. */
function laidOut(lessons: readonly Lesson[], length: number, of: (lesson: Lesson, t: number) => number): Float32Array {
  return alignToPredictions(lessons, length, (row, t) => of(lessons[row], t));
}

/** The objective's inputs. Where the policy is not to learn, nothing of it pulls: a critic's loss may be added. */
function policyBatch(lessons: readonly Lesson[], request: LearnRequest, policyLearns: boolean): PolicyBatch {
  const { settings, padding, maxTokens } = request;
  const { clipLow, clipHigh, dualClip, klIn } = settings;
  const { ratio, surrogate } = algorithms[settings.algorithm];
  const batch = makeBatch(lessons, padding, settings.aggregation, maxTokens);
  const { length } = batch;
  const pull = (coefficient: number): number => (policyLearns ? coefficient : 0);
  const plain: PolicyBatch = {
    kind: "policy",
    ...batch,
    oldLogprobs: laidOut(lessons, length, (lesson, t) => lesson.oldLogprobs[t]),
    advantages: laidOut(lessons, length, (lesson, t) => pull(lesson.advantages[t] * lesson.corrections[t])),
    clipLow,
    clipHigh,
    dualClip,
    ratio,
    surrogate,
    entropyBonus: pull(settings.entropyBonus),
  };
  if (lessons.every(({ referenceLogprobs }) => referenceLogprobs === null)) return plain;
  return {
    ...plain,
    // In the reward it is paid already; here it is only measured.
    klCoefficient: klIn === "reward" ? 0 : pull(settings.klCoefficient),
    referenceLogprobs: laidOut(lessons, length, (lesson, t) => lesson.referenceLogprobs?.[t] ?? 0),
  };
}

function criticTerms(lessons: readonly Lesson[], length: number, settings: LabConfig["learn"]): CriticTerms {
  return {
    oldValues: laidOut(lessons, length, (lesson, t) => lesson.values?.[t] ?? 0),
    returns: laidOut(lessons, length, (lesson, t) => lesson.returns?.[t] ?? 0),
    valueClip: settings.valueClip,
    valueCoefficient: settings.valueCoefficient,
  };
}

type Updated = UpdateStatistics & { gradientNorm: number };

/** What is measured of tokens; the loss and its gradient are what the aggregation makes of them. */
const measured = reported.filter((name) => name !== "loss" && name !== "gradientNorm");

/** Means in which a token counts as in the loss, also where the aggregation divides by a constant (Dr.GRPO). */
function overWeights(updated: Updated, weights: Float32Array): Updated {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const means = Object.fromEntries(measured.map((name) => [name, updated[name] / total]));
  return { ...updated, ...means };
}

/** An AdamW step, or null where its gradient was not finite and no step was taken. */
async function finiteUpdate(policy: Policy, batch: PolicyBatch, optimizer: AdamWSettings): Promise<Updated | null> {
  try {
    return overWeights(await policy.update(batch, optimizer), batch.weights);
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === "not-finite") return null;
    throw error;
  }
}

/** A critic that is the policy's head learns in the policy's own update. */
async function updateWithHead(
  lessons: readonly Lesson[],
  request: LearnRequest,
  optimizer: AdamWSettings,
  policyLearns: boolean,
): Promise<Partial<Updated> | null> {
  const { settings, models } = request;
  const batch = policyBatch(lessons, request, policyLearns);
  const critic = criticTerms(lessons, batch.length, settings);
  const updated = await finiteUpdate(models.policy, { ...batch, critic }, optimizer);
  // What it counts beside the policy's loss is no part of how good the critic is.
  return updated && { ...updated, valueLoss: updated.valueLoss / (settings.valueCoefficient || 1) };
}

/** A critic that is a network of its own learns values alone; the policy's update stands without it. */
async function updateCritic(
  critic: Policy,
  lessons: readonly Lesson[],
  request: LearnRequest,
  optimizer: AdamWSettings,
): Promise<Pick<Updated, "valueLoss"> | null> {
  const withoutReference = lessons.map((lesson) => ({ ...lesson, referenceLogprobs: null }));
  const batch = policyBatch(withoutReference, request, false);
  const terms = { ...criticTerms(lessons, batch.length, request.settings), valueCoefficient: 1 };
  const { criticLearningRate: learningRate } = request;
  const updated = await finiteUpdate(critic, { ...batch, critic: terms }, { ...optimizer, learningRate });
  return updated && { valueLoss: updated.valueLoss };
}

/**
 * One mini-batch: the update of each model that learns, null where its gradient was not finite. The policy's, which comes
 * first, is not followed by the critic's where it was not taken.
 */
async function updateModels(
  lessons: readonly Lesson[],
  request: LearnRequest,
  optimizer: AdamWSettings,
  warmingUp: boolean,
): Promise<(Partial<Updated> | null)[]> {
  const { policy, critic } = request.models;
  if (critic === policy) return [await updateWithHead(lessons, request, optimizer, !warmingUp)];
  if (critic && warmingUp) return [await updateCritic(critic, lessons, request, optimizer)];
  const moved = await finiteUpdate(policy, policyBatch(lessons, request, true), optimizer);
  if (!moved || !critic) return [moved];
  return [moved, await updateCritic(critic, lessons, request, optimizer)];
}

function addStatistics(report: LearnReport, statistics: Partial<Updated>, mismatch: number | null): void {
  for (const name of reported) report[name] += statistics[name] ?? 0;
  if (report.updates === 0) report.samplerMismatch = mismatch ?? statistics.largestLogprobGap ?? 0;
  if (statistics.largestLogprobGap !== undefined)
    report.largestLogRatio = Math.max(report.largestLogRatio ?? 0, statistics.largestLogprobGap);
  report.updates++;
}

/** Advantages, then an AdamW step per mini-batch and epoch. */
export async function learn(request: LearnRequest): Promise<LearnReport> {
  const { settings, learningRate, rng, onProgress } = request;
  const { beta1, beta2, weightDecay, gradientClip, epochs, miniBatches } = settings;
  const optimizer: AdamWSettings = { learningRate, beta1, beta2, epsilon: 1e-8, weightDecay, gradientClip };
  const judged = await judgeEpisodes(request);
  const lessons = lessonsOf(judged);
  const warmingUp = request.models.critic !== null && request.step <= settings.criticWarmUp;
  const { mixedGroups, maskedEpisodes, explainedVariance } = judged;
  const report: LearnReport = {
    ...(Object.fromEntries(reported.map((name) => [name, 0])) as Reported),
    mixedGroups,
    maskedEpisodes,
    explainedVariance,
    samplerMismatch: judged.samplerMismatch ?? 0,
    largestLogRatio: null,
    updates: 0,
    skipped: 0,
    warmingUp,
    compared: request.models.reference !== null,
  };
  const total = epochs * Math.min(miniBatches, lessons.length);
  let done = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const members of partition(rng.fold("epoch", epoch).shuffle(lessons), miniBatches)) {
      const [first, second] = await updateModels(members, request, optimizer, warmingUp);
      if (first) addStatistics(report, { ...first, ...second }, judged.samplerMismatch);
      if (first === null || second === null) report.skipped++;
      onProgress?.(++done, total);
      await letMessagesIn();
    }
  }
  for (const name of reported) report[name] /= Math.max(1, report.updates);
  return report;
}
