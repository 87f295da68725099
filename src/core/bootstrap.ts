/**
 * Intervals for scores on a fixed set of problems. Samples of one problem are alike, so the problem is the unit that
 * is drawn again: resampling single samples would claim more certainty than 30 problems can give. Where several seeds
 * answered the same problems, seeds and problems are both drawn again (the pigeonhole bootstrap, Owen 2007): another
 * seed would have learned something else, another set would have asked something else.
 */
import type { Measure } from "./evaluation";
import { makeRng, type Rng } from "./rng";
import { mean } from "./stats";

/** A mean with the bounds within which 95 of 100 such sets would have it. */
interface Interval {
  mean: number;
  low: number;
  high: number;
}

const resamples = 2000;

/** With fewer problems the resamples repeat each other, and their bounds claim more certainty than there is. */
const fewestProblems = 5;

/** One resampled mean: columns are drawn with replacement, and rows too where there are several. */
function redraw(grid: readonly (readonly number[])[], columns: readonly number[], rng: Rng): number {
  const drawn = columns.map(() => rng.pick(columns));
  const rows = grid.length === 1 ? grid : grid.map(() => rng.pick(grid));
  return mean(rows.map((row) => mean(drawn.map((column) => row[column]))));
}

/**
 * The mean of a grid, one row a seed and one column a problem, with its bootstrap percentile interval (Efron 1979) from
 * a fixed seed: the same values give the same interval. Throws a RangeError for an empty or a ragged grid.
 */
export function bootstrapGrid(grid: readonly (readonly number[])[]): Interval {
  const problems = grid[0]?.length ?? 0;
  if (problems === 0) throw new RangeError("bootstrapGrid() was given no values");
  if (grid.some((row) => row.length !== problems)) {
    throw new RangeError("bootstrapGrid() needs the same problems from every seed");
  }
  const rng = makeRng(0).fold("bootstrap", problems);
  const columns = grid[0].map((_, column) => column);
  const means = Float64Array.from({ length: resamples }, () => redraw(grid, columns, rng)).sort();
  return {
    mean: mean(grid.map(mean)),
    low: means[Math.floor(0.025 * resamples)],
    high: means[Math.ceil(0.975 * resamples) - 1],
  };
}

/**
 * The mean of a grid as above, and its bounds where the bootstrap has any to give: not from few problems, nor where all
 * scored alike, since then every resample is the same. Throws a RangeError for an empty or a ragged grid.
 */
export function measureGrid(grid: readonly (readonly number[])[]): Measure {
  const all = grid.flat();
  const { mean, low, high } = bootstrapGrid(grid);
  const isSilent = grid[0].length < fewestProblems || all.every((value) => value === all[0]);
  return { mean, bounds: isSilent ? null : [low, high] };
}

/** The same for one seed: `values`, one per problem. */
export function measure(values: readonly number[]): Measure {
  return measureGrid([values]);
}
