/**
 * Self-correction (paper, section 4.2): the policy writes a snippet that fails, reads the error, and writes another one.
 * That is an attempt; it succeeds where the other snippet runs and the answer is right.
 */
import type { Correction, EpisodeRecord, Turn } from "../core/episode";

/** A failure that the snippet is to blame for: a sandbox that crashed says nothing about the policy. */
const failed = ({ status }: Turn): boolean => status !== "ok" && status !== "crash";

/**
 * What became of a first snippet that failed: the first later, different one that ran, else the first later, different
 * one. Null where the first did not fail, or no other was written.
 */
export function findCorrection(episode: Pick<EpisodeRecord, "turns" | "correct">): Correction | null {
  const [first] = episode.turns;
  if (first === undefined || !failed(first)) return null;
  const differs = ({ code }: Turn): boolean => code.trim() !== first.code.trim();
  const ran = episode.turns.findIndex((turn, i) => i > 0 && differs(turn) && turn.status === "ok");
  const mended = ran > 0 ? ran : episode.turns.findIndex((turn, i) => i > 0 && differs(turn));
  return mended < 0 ? null : { failed: 0, mended, succeeded: ran > 0 && episode.correct };
}

/** Attempts and successes among episodes, and their quotient; the rate is undefined where nothing was attempted. */
export function countCorrections(episodes: readonly Pick<EpisodeRecord, "turns" | "correct">[]): {
  attempted: number;
  succeeded: number;
  rate: number | undefined;
} {
  const found = episodes.map(findCorrection).filter((correction) => correction !== null);
  const succeeded = found.filter((correction) => correction.succeeded).length;
  return { attempted: found.length, succeeded, rate: found.length === 0 ? undefined : succeeded / found.length };
}
