/**
 * The RL loop (paper, section 2.3): draw problems, write a group of episodes for each, run their code in the middle
 * of them, reward the answers, learn. One call of `trainStep` is one turn of it; ./evaluation scores the fixed sets.
 */
import type { LabConfig } from "../config/schema";
import type { EpisodeRecord, ProblemRecord } from "../core/episode";
import type { Phase } from "../core/events";
import type { MetricId, MetricRow } from "../core/metrics";
import { makeRng } from "../core/rng";
import { summarise } from "../analysis/summary";
import { learn, type LearnReport } from "../learn/learn";
import { policyLearningRate } from "../learn/learning-rate";
import { writeGroups } from "../rollout/dynamic-sampling";
import { curriculumOf } from "../tasks/curriculum";
import { sampleProblem } from "../tasks/sample";
import { assign, type Bench, tellOfDropped, write } from "./write";

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
    clipFractionLow: report.clipFractionLow,
    clipFractionHigh: report.clipFractionHigh,
    ...(report.largestLogRatio !== null && { largestLogRatio: report.largestLogRatio }),
    approximateKl: report.approximateKl,
    samplerMismatch: report.samplerMismatch,
    gradientNorm: report.gradientNorm,
  };
}

function tellOfSkipped({ skipped }: LearnReport, step: number, emit: Bench["emit"]): void {
  if (skipped === 0) return;
  const message = `The gradient of ${skipped} updates in step ${step} held NaN or Infinity; the weights stayed as they were.`;
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
  tellOfDropped(rollout.dropped, emit);

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
