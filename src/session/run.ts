/**
 * The RL loop (paper, section 2.3): draw problems, write a group of episodes for each, run their code in the middle
 * of them, reward the answers, learn. One call of `trainStep` is one turn of it; ./evaluation scores the fixed sets.
 */
import type { LabConfig } from "../config/schema";
import { snippetLimits } from "../config/snippet-limits";
import type { EpisodeRecord, ProblemRecord } from "../core/episode";
import type { LabEvent, Phase } from "../core/events";
import type { MetricId, MetricRow } from "../core/metrics";
import { makeRng } from "../core/rng";
import { findCorrection } from "../analysis/self-correction";
import { summarise } from "../analysis/summary";
import type { Models } from "../learn/judge";
import { learn, type LearnReport } from "../learn/learn";
import { policyLearningRate } from "../learn/learning-rate";
import { collect, type Assignment, type RolloutReport, type RolloutRequest } from "../rollout/collector";
import { writeGroups } from "../rollout/dynamic-sampling";
import type { Sandbox } from "../sandbox/sandbox";
import { curriculumOf } from "../tasks/curriculum";
import { sampleProblem } from "../tasks/sample";
import type { Tokenizer } from "../text/tokenizer";

/** What a step works with. */
export interface Bench {
  config: LabConfig;
  models: Models & { memory(): { tensors: number; bytes: number } };
  tokenizer: Tokenizer;
  sandbox: Sandbox;
  emit: (event: LabEvent) => void;
  signal: AbortSignal;
  /** Milliseconds, for measuring only. */
  now: () => number;
}

/** Rows that decode at once: more fill a CPU's caches without decoding faster. */
const rowsAtOnce = 64;

/** `samples` attempts at each problem; a group is one problem, and the groups count from `firstGroup`. */
export function assign(problems: readonly ProblemRecord[], samples: number, firstGroup = 0): Assignment[] {
  return problems.flatMap((problem, place) =>
    Array.from({ length: samples }, (_, sample) => ({ problem, group: firstGroup + place, sample })),
  );
}

/** Writes the assigned episodes, and says on the way how far they are. */
export async function write(
  bench: Bench,
  request: Pick<RolloutRequest, "purpose" | "step" | "assignments" | "sampling">,
): Promise<RolloutReport> {
  const { config, models, tokenizer, sandbox, emit, signal } = bench;
  const { policy } = models;
  const [first] = request.assignments;
  const episode = `${request.purpose}/${request.step}/${first.group}/${first.sample}`;
  const onStage = request.purpose === "train";
  const report = await collect({
    ...request,
    policy,
    tokenizer,
    sandbox,
    signal,
    seed: config.seed,
    rows: Math.min(rowsAtOnce, policy.rowsAtMost(config.rollout.maxTokens)),
    limits: {
      ...config.rollout,
      outputCharacters: config.sandbox.outputCharacters,
      snippet: snippetLimits(config),
    },
    onStream: (piece) => {
      if (!onStage) return;
      const { question, answer } = first.problem;
      emit({ type: "stream", question, answer, pieces: [{ ...piece, episode }] });
    },
    onWaiting: (waiting) => {
      if (onStage) emit({ type: "phase", phase: waiting ? "run" : "write", step: request.step });
    },
    onEpisode: (done, total) => {
      emit({ type: "progress", task: onStage ? "rollout" : "evaluation", done, total });
    },
  });
  for (const record of report.episodes) {
    record.correction = findCorrection(record) ?? undefined;
    record.selfCorrection = record.correction?.succeeded ?? false;
  }
  return report;
}

function learningMetrics(report: LearnReport): Partial<Record<MetricId, number>> {
  const judged = { mixedGroups: report.mixedGroups, maskedEpisodes: report.maskedEpisodes };
  // Nothing can be said of updates that were not taken.
  if (report.updates === 0) return judged;
  const { explainedVariance, valueLoss } = report;
  const ofCritic = explainedVariance === null ? {} : { explainedVariance, valueLoss };
  // While the critic warms up, the policy does not move.
  if (report.warmingUp) return { ...judged, ...ofCritic };
  return {
    ...judged,
    ...ofCritic,
    ...(report.compared && { referenceKl: report.referenceKl }),
    loss: report.loss,
    clipFraction: report.clipFractionLow + report.clipFractionHigh,
    approximateKl: report.approximateKl,
    samplerMismatch: report.samplerMismatch,
    gradientNorm: report.gradientNorm,
  };
}

function tellOfSkipped({ skipped }: LearnReport, step: number, emit: Bench["emit"]): void {
  if (skipped === 0) return;
  const message = `The gradient of ${skipped} updates in step ${step} held NaN or Infinity; the policy stayed as it was.`;
  emit({ type: "notice", code: "update-skipped", message });
}

/** The problems of `groups` groups of a step, from the one numbered `firstGroup` on. */
function drawProblems(config: LabConfig, step: number, firstGroup: number, groups: number): ProblemRecord[] {
  const { trained, wordings, reserved } = curriculumOf(config);
  return Array.from({ length: groups }, (_, i) => {
    const rng = makeRng(config.seed).fold("problem", step, firstGroup + i);
    return sampleProblem(rng, { families: trained, wordings, exclude: reserved });
  });
}

/**
 * One RL step. `episodesBefore` counts the training episodes of earlier steps. It is stuck where there was something to
 * learn and no gradient was finite.
 */
export async function trainStep(
  bench: Bench,
  step: number,
  episodesBefore: number,
): Promise<{ row: MetricRow; episodes: EpisodeRecord[]; stuck: boolean }> {
  const { config, models, tokenizer, emit, now } = bench;
  const enter = (phase: Phase): void => emit({ type: "phase", phase, step });
  const rng = makeRng(config.seed);
  const { problems: wanted, groupSize, temperature, maxTokens } = config.rollout;
  const { finalLearningRate } = config.learn;

  const began = now();
  enter("prompt");
  enter("write");
  const rollout = await writeGroups(wanted, config.learn.refills, (firstGroup, groups) => {
    const problems = drawProblems(config, step, firstGroup, groups);
    const assignments = assign(problems, groupSize, firstGroup);
    return write(bench, { purpose: "train", step, assignments, sampling: { temperature, topP: 1 } });
  });
  const written = now();

  enter("reward");
  const { episodes } = rollout;
  if (rollout.dropped > 0) {
    const message = `The sandbox failed on ${rollout.dropped} episodes; they were left out, not counted as wrong.`;
    emit({ type: "notice", code: "episode-dropped", message });
  }

  enter("learn");
  const report = await learn({
    models,
    episodes,
    settings: config.learn,
    step,
    maxTokens,
    learningRate: policyLearningRate(step, config.steps, config.learn.learningRate, finalLearningRate),
    criticLearningRate: policyLearningRate(step, config.steps, config.learn.criticLearningRate, finalLearningRate),
    padding: tokenizer.special["<pad>"],
    rng: rng.fold("learn", step),
    onProgress: (done, total) => emit({ type: "progress", task: "update", done, total }),
  });
  const learned = now();
  tellOfSkipped(report, step, emit);
  const memory = models.memory();
  const row: MetricRow = {
    step,
    episodes: episodesBefore + episodes.length,
    values: {
      ...summarise(episodes),
      ...learningMetrics(report),
      droppedEpisodes: rollout.dropped,
      tokensPerSecond: (rollout.decodedTokens + rollout.promptTokens) / ((written - began) / 1000),
      episodesPerSecond: episodes.length / ((learned - began) / 1000),
      rolloutSeconds: (written - began) / 1000,
      learnSeconds: (learned - written) / 1000,
      tensors: memory.tensors,
      tensorMegabytes: memory.bytes / 2 ** 20,
    },
  };
  return { row, episodes, stuck: report.updates === 0 && report.skipped > 0 };
}
