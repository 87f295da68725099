/**
 * Where the sampler's log-probabilities differ from the trainer's (other kernels, lower precision), the episodes come
 * from another policy than the one that learns. Two remedies, both against the trainer's own recomputation:
 * token weights min(exp(trainer - sampler), cap) (truncated importance sampling), or leaving out a sequence whose
 * ratio, the geometric mean over its tokens, lies outside 1 +- band.
 */
import { learnedPositions, meanOverLearned } from "./experience";

/** What each token's advantage is multiplied by; a constant to the gradient. */
export function tokenCorrections(
  mask: readonly number[],
  trainer: readonly number[],
  sampler: readonly number[],
  cap: number,
): number[] {
  return mask.map((bit, t) => (bit === 1 ? Math.min(Math.exp(trainer[t] - sampler[t]), cap) : 0));
}

/** Whether a sequence stays. One without a learned token does. */
export function isWithinBand(
  mask: readonly number[],
  trainer: readonly number[],
  sampler: readonly number[],
  band: number,
): boolean {
  if (learnedPositions(mask).length === 0) return true;
  const gaps = mask.map((_, t) => trainer[t] - sampler[t]);
  return Math.abs(Math.exp(meanOverLearned(mask, gaps)) - 1) <= band;
}
