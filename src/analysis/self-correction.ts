/**
 * Self-correction (paper, section 4.2): the policy writes a snippet that fails, reads the error, and writes another one.
 * That is an attempt; it succeeds where the other snippet runs and the answer is right.
 */
import type { Correction, EpisodeRecord, Turn } from "../core/episode";

/** A failure that the snippet is to blame for: a sandbox that crashed says nothing about the policy. */
const hasFailed = ({ status }: Turn): boolean => status !== "ok" && status !== "crash";

/**
 * The first snippet that failed and a later, different one that ran; where none ran, the first and the first different
 * one. Null where none failed, or no other was written.
 */
export function findCorrection({ turns, correct }: Pick<EpisodeRecord, "turns" | "correct">): Correction | null {
  const pairs = turns.flatMap((failure, failed) =>
    turns.flatMap((other, mended) =>
      hasFailed(failure) && mended > failed && other.code.trim() !== failure.code.trim() ? [{ failed, mended }] : [],
    ),
  );
  const ran = pairs.find(({ mended }) => turns[mended].status === "ok");
  const found = ran ?? pairs.at(0);
  return found ? { ...found, succeeded: ran !== undefined && correct } : null;
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
