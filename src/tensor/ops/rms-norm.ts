/**
 * RMSNorm: y = x r g, with r = 1 / sqrt(mean(x^2) + epsilon) over the last axis.
 *
 * x [n, d], g [d]; y [n, d].
 * Gradients: dg = the sum over n of dy x r; dx = r (h - x r^2 mean(h x)), with h = dy g.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import { elements, gridFor, type Kernel, perThing } from "../plan/kernel";
import { gridForRows, perRow } from "../plan/lanes";
import type { Recorder } from "../plan/recorder";
import { type PlanTensor, settled, sizeIndex } from "../plan/tensor";
import type { Tuning } from "../plan/tuning";

export function rmsNorm(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  return withGradient(
    [x, gain],
    () => ({ value: tf.mul(tf.mul(x, inverseRoot(x, epsilon)), gain), saved: [x, gain] }),
    (dy, [x, gain]) => {
      const r = inverseRoot(x, epsilon);
      const normal = tf.mul(x, r);
      const h = tf.mul(dy, gain);
      const dx = tf.mul(r, tf.sub(h, tf.mul(normal, tf.mean(tf.mul(h, normal), -1, true))));
      return [dx, tf.sum(tf.mul(dy, normal), 0)];
    },
  );
}

/** [n, 1] */
function inverseRoot(x: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon));
}

// On a plan.

/** Also keeps r for the backward pass. */
function forwardKernel(divisible: boolean, tuning: Tuning): Kernel {
  const { type, width, helpers } = elements(divisible);
  return perRow(
    {
      name: "rmsNorm",
      reads: { x: type, gain: type },
      writes: { y: type, scale: "f32" },
      constants: { rows: "u32", columns: "u32", epsilon: "f32" },
      rows: "size(constants.rows)",
      helpers,
      body: `  let start = row * constants.columns;
  var squares = Element();
  for (var c = first; c < constants.columns; c += LANES) { squares = fma(x[start + c], x[start + c], squares); }
  let mean = sum(total(squares), place) / f32(constants.columns * ${width}u);
  let r = inverseSqrt(mean + constants.epsilon);
  if (leader) { scale[row] = r; }
  for (var c = first; c < constants.columns; c += LANES) { y[start + c] = x[start + c] * r * gain[c]; }`,
    },
    tuning,
  );
}

function backwardKernel(divisible: boolean, tuning: Tuning): Kernel {
  const { type, width, helpers } = elements(divisible);
  return perRow(
    {
      name: "rmsNorm, backward",
      reads: { x: type, gain: type, scale: "f32", dy: type },
      writes: { dx: type },
      constants: { rows: "u32", columns: "u32", adds: "u32" },
      rows: "size(constants.rows)",
      helpers,
      body: `  let start = row * constants.columns;
  let r = scale[row];
  var products = Element();
  for (var c = first; c < constants.columns; c += LANES) {
    products = fma(dy[start + c] * gain[c], x[start + c], products);
  }
  let pull = sum(total(products), place) * r * r * r / f32(constants.columns * ${width}u);
  for (var c = first; c < constants.columns; c += LANES) {
    var value = r * dy[start + c] * gain[c] - pull * x[start + c];
    if (constants.adds == 1u) { value += dx[start + c]; }
    dx[start + c] = value;
  }`,
    },
    tuning,
  );
}

/** One thread adds up one column over one slice of the rows. */
function gainKernel(divisible: boolean): Kernel {
  const { type, helpers } = elements(divisible);
  return perThing({
    name: "rmsNorm, gradient of the gain",
    reads: { x: type, scale: "f32", dy: type },
    writes: { dgain: type },
    constants: { rows: "u32", columns: "u32", slices: "u32", stride: "u32" },
    count: "constants.columns * constants.slices",
    helpers,
    body: `  let column = i % constants.columns;
  let slice = i / constants.columns;
  let all = size(constants.rows);
  let each = (all + constants.slices - 1u) / constants.slices;
  let at = slice * constants.stride + column;
  var value = dgain[at];
  for (var row = slice * each; row < min(all, (slice + 1u) * each); row++) {
    let there = row * constants.columns + column;
    value = fma(dy[there] * scale[row], x[there], value);
  }
  dgain[at] = value;`,
  });
}

export function recordRmsNorm(plan: Recorder, x: PlanTensor, gain: PlanTensor, epsilon: number): PlanTensor {
  const { columns } = settled(x);
  // Decoding leaves it to the product that reads it.
  if (plan.mode === "decode") return { ...x, pending: { kind: "rmsNorm", gain, epsilon } };
  const divisible = columns % 4 === 0;
  const inRow = columns / elements(divisible).width;
  const rows = sizeIndex(x);
  const y = plan.make("normal", x.rows, columns);
  const scale = plan.make("scale", x.rows, 1);
  const perRowGrid = (sizes: Parameters<typeof plan.countOf>[1]) => gridForRows(plan.countOf(x, sizes), plan.tuning);
  const bindings = { x, gain, y, scale };
  plan.dispatch(forwardKernel(divisible, plan.tuning), bindings, { rows, columns: inRow, epsilon }, perRowGrid);
  plan.onBackward(y, (dy) => {
    const { slices, stride, storage } = plan.partialGradient(gain);
    const partial = { rows, columns: inRow, slices, stride: stride / elements(divisible).width };
    plan.dispatch(gainKernel(divisible), { x, scale, dy, dgain: storage }, partial, () => gridFor(inRow * slices));
    const { dx, adds } = plan.gradient(x);
    const backward = backwardKernel(divisible, plan.tuning);
    plan.dispatch(backward, { x, gain, scale, dy, dx }, { rows, columns: inRow, adds }, perRowGrid);
  });
  return y;
}
