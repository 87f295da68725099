/** Statistics of a loss: each of its terms, summed over the predictions, or the largest. */
import type { Kernel } from "./kernel";
import { gridForRows, perRow } from "./lanes";
import type { Recorder } from "./recorder";
import { type PlanTensor, sizeIndex } from "./tensor";
import type { Tuning } from "./tuning";

/** One row of lanes for each statistic; the last `maxima` ones are maxima. */
function kernel(terms: number, maxima: number, tuning: Tuning): Kernel {
  return perRow(
    {
      name: `statistics of ${terms}`,
      reads: { terms: "f32" },
      writes: { statistics: "f32" },
      constants: { rows: "u32" },
      rows: `${terms}u`,
      body: `  let all = size(constants.rows);
  var total = 0.0;
  var largest = 0.0;
  for (var at = first; at < all; at += LANES) {
    let value = terms[at * ${terms}u + row];
    total += value;
    largest = max(largest, value);
  }
  let whole = sum(total, place);
  let peak = most(largest, place);
  if (leader) { statistics[row] = select(whole, peak, row >= ${terms - maxima}u); }`,
    },
    tuning,
  );
}

/** `terms` [places, count] to [count]. */
export function recordStatistics(plan: Recorder, terms: PlanTensor, maxima: number): PlanTensor {
  const { columns } = terms;
  const statistics = plan.make("statistics", columns, 1);
  const bindings = { terms, statistics };
  plan.dispatch(kernel(columns, maxima, plan.tuning), bindings, { rows: sizeIndex(terms) }, () =>
    gridForRows(columns, plan.tuning),
  );
  return statistics;
}
