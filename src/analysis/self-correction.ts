/**
 * Self-correction (paper, section 4.2): the policy writes a snippet that fails, reads the error, writes another one
 * that runs, and gets the answer right.
 */
import type { EpisodeRecord } from "../core/episode";

/** The failed first turn and the turn that mended it, as indexes; null where an episode holds no self-correction. */
export function findSelfCorrection(
  episode: Pick<EpisodeRecord, "turns" | "correct">,
): { failed: number; mended: number } | null {
  const [first] = episode.turns;
  if (!episode.correct || first === undefined || first.status === "ok") return null;
  const mended = episode.turns.findIndex((turn, i) => i > 0 && turn.status === "ok" && turn.code !== first.code);
  return mended < 0 ? null : { failed: 0, mended };
}
