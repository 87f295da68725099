/**
 * What is kept of a run besides its rows and episodes: enough to say what was run, on what, how it ended, and to run
 * it again. Evaluations are kept per problem, because intervals need the problem as their unit.
 */
import type { LabConfig } from "../config/schema";
import type { EpisodeRecord } from "../core/episode";
import type { BackendInfo } from "../core/events";
import type { Fault } from "../core/result";

/** Where a run stood at one of its ends. */
export interface RunPoint {
  /** ISO 8601, UTC. */
  time: string;
  step: number;
  episodes: number;
}

/** The content of run.json. */
export interface RunRecord {
  version: 1;
  /** The command line that made the run. */
  command: string;
  /** `running` in a file whose writer was killed. */
  outcome: "running" | "finished" | "interrupted" | "failed";
  fault: Fault | null;
  config: LabConfig;
  /** The lab's version, its dependencies', the browser's, Node's. */
  versions: Record<string, string>;
  backend: BackendInfo | null;
  isolated: boolean;
  parameters: number;
  /** Where the first weights came from. */
  checkpoint: string;
  start: RunPoint;
  end: RunPoint;
}

/** How often one problem was sampled in an evaluation, and was right. */
export interface ProblemScore {
  id: string;
  kind: string;
  samples: number;
  right: number;
  byCode: number;
}

export interface Evaluation {
  step: number;
  problems: ProblemScore[];
}

function addEpisode(problems: readonly ProblemScore[], episode: EpisodeRecord): ProblemScore[] {
  const { id, kind } = episode.problem;
  const known = problems.find((problem) => problem.id === id) ?? { id, kind, samples: 0, right: 0, byCode: 0 };
  const score = {
    ...known,
    samples: known.samples + 1,
    right: known.right + Number(episode.correct),
    byCode: known.byCode + Number(episode.correctByCode),
  };
  return [...problems.filter((problem) => problem.id !== id), score];
}

/** The evaluations with further evaluation episodes counted in, in the order of their steps. */
export function addEvaluation(evaluations: readonly Evaluation[], episodes: readonly EpisodeRecord[]): Evaluation[] {
  const bySteps = new Map(evaluations.map(({ step, problems }) => [step, problems]));
  for (const episode of episodes) {
    // A dropped episode says nothing about the policy.
    if (episode.purpose !== "evaluation" || episode.flags.sandboxFailure) continue;
    bySteps.set(episode.step, addEpisode(bySteps.get(episode.step) ?? [], episode));
  }
  return [...bySteps].map(([step, problems]) => ({ step, problems })).sort((a, b) => a.step - b.step);
}

/** The three episodes that tell a run. */
export interface Examples {
  success: EpisodeRecord | null;
  selfCorrection: EpisodeRecord | null;
  failure: EpisodeRecord | null;
}

export const noExamples: Examples = { success: null, selfCorrection: null, failure: null };

/** A snippet was written and the episode was not spoiled from outside. */
const shows = (episode: EpisodeRecord): boolean => episode.turns.length > 0 && !episode.flags.sandboxFailure;

/** The examples after further episodes: the newest of each kind, so that they show what the policy has become. */
export function addExamples(examples: Examples, episodes: readonly EpisodeRecord[]): Examples {
  const usable = episodes.filter(shows);
  const clean = (episode: EpisodeRecord): boolean => episode.turns.every((turn) => turn.status === "ok");
  return {
    success: usable.findLast((episode) => episode.correctByCode && clean(episode)) ?? examples.success,
    selfCorrection: usable.findLast((episode) => episode.selfCorrection) ?? examples.selfCorrection,
    failure: usable.findLast((episode) => !episode.correct) ?? examples.failure,
  };
}
