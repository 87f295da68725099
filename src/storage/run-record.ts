/**
 * What is kept of a run besides its rows, episodes and evaluations: enough to say what was run, on what, how it ended,
 * and to run it again.
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
