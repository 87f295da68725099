/**
 * Intervals for scores on a fixed set of problems. Samples of one problem are alike, so the problem is the unit that
 * is drawn again: resampling single samples would claim more certainty than 30 problems can give.
 */
import { makeRng } from "../core/rng";

/** A mean with the bounds within which 95 of 100 such sets would have it. */
export interface Interval {
  mean: number;
  low: number;
  high: number;
}

const resamples = 2000;

/**
 * The mean of `values`, one per problem, with its bootstrap percentile interval (Efron 1979) from a fixed seed: the
 * same values give the same interval. Throws a RangeError for an empty list.
 */
export function bootstrapMean(values: readonly number[]): Interval {
  if (values.length === 0) throw new RangeError("bootstrapMean() was given no values");
  const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const rng = makeRng(0).fold("bootstrap", values.length);
  const means = Float64Array.from({ length: resamples }, () => mean(values.map(() => rng.pick(values)))).sort();
  return {
    mean: mean(values),
    low: means[Math.floor(0.025 * resamples)],
    high: means[Math.ceil(0.975 * resamples) - 1],
  };
}
