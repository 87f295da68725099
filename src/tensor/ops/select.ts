/**
 * Selection: y[i] = x[indices[i]].
 *
 * x [n, d], indices [m]; y [m, d]. Row j of dx is dy[i] where indices[i] = j, and zero where j was not selected. An
 * index may repeat as padding, if nothing flows back from its repetitions.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import { elements, gridFor, perThing } from "../plan/kernel";
import type { Recorder } from "../plan/recorder";
import { type PlanTensor, settled, sizeIndex } from "../plan/tensor";
import { oneHot } from "./embed";

export function select(x: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  const [n] = x.shape;
  return withGradient(
    [x],
    () => ({ value: tf.gather(x, tf.cast(indices, "int32")), saved: [indices] }),
    (dy, [indices]) => [tf.matMul(oneHot(indices, n), dy, true, false)],
  );
}

// On a plan.

const gather = (divisible: boolean) => {
  const { type, helpers } = elements(divisible);
  return perThing({
    name: "select",
    reads: { x: type, indices: "u32" },
    writes: { y: type },
    constants: { rows: "u32", columns: "u32" },
    count: "size(constants.rows) * constants.columns",
    helpers,
    body: `  y[i] = x[indices[i / constants.columns] * constants.columns + i % constants.columns];`,
  });
};

/** The gradient is a gather too: `inverse` holds for each row of x the place that selected it, plus 1, or 0. */
const gatherBack = (divisible: boolean) => {
  const { type, helpers } = elements(divisible);
  return perThing({
    name: "select, backward",
    reads: { dy: type, inverse: "u32" },
    writes: { dx: type },
    constants: { rows: "u32", columns: "u32", adds: "u32" },
    count: "size(constants.rows) * constants.columns",
    helpers,
    body: `  let place = inverse[i / constants.columns];
  var value = Element();
  if (place > 0u) { value = dy[(place - 1u) * constants.columns + i % constants.columns]; }
  if (constants.adds == 1u) { value += dx[i]; }
  dx[i] = value;`,
  });
};

/** [n]: the place that selected each row, plus 1; 0 where none did. The first of several counts. */
function inverseOf(indices: Int32Array, n: number): Int32Array {
  const inverse = new Int32Array(n);
  for (let place = indices.length - 1; place >= 0; place--) inverse[indices[place]] = place + 1;
  return inverse;
}

export function recordSelect(plan: Recorder, x: PlanTensor, indices: PlanTensor): PlanTensor {
  const { columns } = settled(x);
  const { width } = elements(columns % 4 === 0);
  const inRow = columns / width;
  const y = plan.make("selected", indices.rows, columns);
  plan.dispatch(gather(width === 4), { x, indices, y }, { rows: sizeIndex(indices), columns: inRow }, (sizes) =>
    gridFor(plan.countOf(indices, sizes) * inRow),
  );
  plan.onBackward(y, (dy) => {
    const name = plan.nameOf(indices);
    const { rows } = x;
    if (typeof rows === "number") throw new Error("Rows are selected from what differs from run to run.");
    const inverse = plan.derive(`${name}, inverted`, rows, (input, sizes) => inverseOf(input(name), sizes[rows]));
    const { dx, adds } = plan.gradient(x);
    const constants = { rows: sizeIndex(x), columns: inRow, adds };
    plan.dispatch(gatherBack(width === 4), { dy, inverse, dx }, constants, (sizes) => gridFor(sizes[rows] * inRow));
  });
  return y;
}
