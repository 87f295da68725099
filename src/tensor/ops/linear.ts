/**
 * Linear: y = x W^T + b, plus a residual where one is given.
 *
 * x [n, in], W [out, in] as Hugging Face stores it, b [out], residual [n, out]; y [n, out].
 * Gradients: dx = dy W, dW = dy^T x, db = the sum of dy over n, and dy for the residual.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import type { Linear } from "../ops";
import { gridFor, perThing } from "../plan/kernel";
import { gridForProduct, makeProduct } from "../plan/product/product";
import { type Epilogue, eachNumber, type ProductSpec } from "../plan/product/spec";
import { addTo } from "../plan/add";
import type { Recorder } from "../plan/recorder";
import { type PlanTensor, settled, sizeIndex } from "../plan/tensor";

/** The products that a linear layer and its gradients are made of, as a backend does them best. */
export interface Products {
  /** x W^T + b, plus the residual where one is given. */
  forward: (x: tf.Tensor, weights: Linear<tf.Tensor>, residual?: tf.Tensor) => tf.Tensor;
  /** a b for a [m, k] and b [k, n]: [m, n] */
  plain: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
  /** a^T b for a [k, m] and b [k, n]: [m, n] */
  transposed: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
}

const composed: Products = {
  forward: (x, { weight, bias }, residual) => {
    const product = tf.matMul(x, weight, false, true);
    const biased = bias ? tf.add(product, bias) : product;
    return residual ? tf.add(biased, residual) : biased;
  },
  plain: (a, b) => tf.matMul(a, b),
  transposed: (a, b) => tf.matMul(a, b, true, false),
};

export function linear(
  x: tf.Tensor,
  weights: Linear<tf.Tensor>,
  residual?: tf.Tensor,
  products: Products = composed,
): tf.Tensor {
  const { weight, bias } = weights;
  const inputs = [x, weight, ...(bias ? [bias] : []), ...(residual ? [residual] : [])];
  return withGradient(
    inputs,
    () => ({ value: products.forward(x, weights, residual), saved: [x, weight] }),
    (dy, [x, weight]) => {
      const grads = [products.plain(dy, weight), products.transposed(dy, x)];
      if (bias) grads.push(tf.sum(dy, 0));
      if (residual) grads.push(dy);
      return grads;
    },
  );
}

/** Several weights with a common input as one: their outputs stand side by side in y. */
export function joinLinear(weights: tf.Tensor[], biases: tf.Tensor[]): Linear<tf.Tensor> {
  const weight = weights.length === 1 ? weights[0] : stack(weights);
  return biases.length === 0 ? { weight } : { weight, bias: biases.length === 1 ? biases[0] : stack(biases) };
}

/** Tensors one under the other along the first axis; the gradient is cut where they meet. */
function stack(parts: tf.Tensor[]): tf.Tensor {
  const sizes = parts.map((part) => part.shape[0] ?? 0);
  return withGradient(
    parts,
    () => ({ value: tf.concat(parts, 0), saved: [] }),
    (dy) => tf.split(dy, sizes, 0),
  );
}

// On a plan.

interface ForwardOptions {
  bias: boolean;
  residual: boolean;
}

/** What `recordProduct` adds to x W^T. */
function forwardEpilogue(vector: boolean, { bias, residual }: ForwardOptions): Epilogue {
  const type = vector ? "vec4f" : "f32";
  return {
    reads: { ...(bias && { bias: type }), ...(residual && { residual: type }) },
    writes: { c: type },
    constants: { strideC: "u32" },
    store: (row, column, values) =>
      eachNumber(vector, row, column, values, ({ at, index, values: [value] }) => {
        const parts = [value, ...(bias ? [`bias[${index}]`] : []), ...(residual ? [`residual[${at("strideC")}]`] : [])];
        return `c[${at("strideC")}] = ${parts.join(" + ")};`;
      }),
  };
}

/** x W^T; its columns are the rows of W. `stride` is the output's. */
export function recordForward(
  plan: Recorder,
  name: string,
  x: PlanTensor,
  { weight, bias }: Linear<PlanTensor>,
  { residual, stride }: { residual?: PlanTensor; stride?: number } = {},
): PlanTensor {
  const out = rowsOf(weight);
  const y = plan.make(name, x.rows, out, stride ?? out);
  const normalise = x.pending?.kind === "rmsNorm" ? x.pending : undefined;
  if (!normalise) settled(x);
  const vector = x.columns % 4 === 0 && y.stride % 4 === 0;
  const spec: ProductSpec = {
    name: normalise ? "linear of normal" : "linear",
    layout: "nt",
    tile: plan.tuning.tiles.nt,
    vector,
    normalised: normalise !== undefined,
    blocks: 1,
    epilogue: forwardEpilogue(vector, { bias: bias !== undefined, residual: residual !== undefined }),
  };
  const bindings = {
    a: x,
    b: weight,
    ...(normalise && { gain: normalise.gain }),
    ...(bias && { bias }),
    ...(residual && { residual: settled(residual) }),
    c: y,
  };
  const constants = {
    m: sizeIndex(x),
    n: out,
    k: x.columns,
    strideA: x.stride,
    strideB: weight.stride,
    epsilon: normalise?.epsilon ?? 0,
    strideC: y.stride,
  };
  plan.dispatch(makeProduct(spec), bindings, constants, (sizes) => gridForProduct(spec, plan.countOf(x, sizes), out));
  return y;
}

/** The gradients of x W^T: dy W for x, dy^T x for W. dy's padding is zero. */
export function recordGradients(plan: Recorder, x: PlanTensor, weight: PlanTensor, dy: PlanTensor): void {
  const out = rowsOf(weight);
  recordInputGradient(plan, x, weight, dy, out);
  recordWeightGradient(plan, x, weight, dy, out);
}

function recordInputGradient(plan: Recorder, x: PlanTensor, weight: PlanTensor, dy: PlanTensor, out: number): void {
  const vector = dy.stride % 4 === 0 && x.columns % 4 === 0;
  const type = vector ? "vec4f" : "f32";
  const spec: ProductSpec = {
    name: "gradient of the input",
    layout: "nn",
    tile: plan.tuning.tiles.nn,
    vector,
    normalised: false,
    blocks: 1,
    epilogue: {
      reads: {},
      writes: { c: type },
      constants: { strideC: "u32", adds: "u32" },
      store: (row, column, values) =>
        eachNumber(vector, row, column, values, ({ at, values: [value] }) => {
          const there = `c[${at("strideC")}]`;
          return `${there} = ${value} + select(${vector ? "vec4f()" : "0.0"}, ${there}, constants.adds == 1u);`;
        }),
    },
  };
  const { dx, adds } = plan.gradient(x);
  const constants = {
    m: sizeIndex(x),
    n: x.columns,
    k: out,
    strideA: dy.stride,
    strideB: weight.stride,
    strideC: dx.stride,
    adds,
  };
  plan.dispatch(makeProduct(spec), { a: dy, b: weight, c: dx }, constants, (sizes) =>
    gridForProduct(spec, plan.countOf(x, sizes), x.columns),
  );
}

function recordWeightGradient(plan: Recorder, x: PlanTensor, weight: PlanTensor, dy: PlanTensor, out: number): void {
  const vector = dy.stride % 4 === 0 && x.columns % 4 === 0;
  const { storage, slices, stride } = plan.partialGradient(weight);
  const spec: ProductSpec = {
    name: "gradient of the weight",
    layout: "tn",
    tile: plan.tuning.tiles.tn,
    vector,
    normalised: false,
    blocks: 1,
    epilogue: {
      reads: {},
      writes: { c: vector ? "vec4f" : "f32" },
      constants: { strideC: "u32", stride: "u32" },
      store: (row, column, values) =>
        eachNumber(vector, row, column, values, ({ at, values: [value] }) => {
          const slice = vector ? "slice * (constants.stride / 4u)" : "slice * constants.stride";
          return `c[${slice} + ${at("strideC")}] += ${value};`;
        }),
    },
  };
  const constants = {
    m: out,
    n: x.columns,
    k: sizeIndex(x),
    strideA: dy.stride,
    strideB: x.stride,
    slices,
    strideC: weight.stride,
    stride,
  };
  plan.dispatch(makeProduct(spec), { a: dy, b: x, c: storage }, constants, () =>
    gridForProduct(spec, out, x.columns, slices),
  );
}

/** One thread adds up one column of dy over one slice of the rows. */
const biasKernel = perThing({
  name: "gradient of the bias",
  reads: { dy: "f32" },
  writes: { dbias: "f32" },
  constants: { rows: "u32", columns: "u32", strideA: "u32", slices: "u32", stride: "u32" },
  count: "constants.columns * constants.slices",
  body: `  let column = i % constants.columns;
  let slice = i / constants.columns;
  let all = size(constants.rows);
  let each = (all + constants.slices - 1u) / constants.slices;
  let at = slice * constants.stride + column;
  var value = dbias[at];
  for (var row = slice * each; row < min(all, (slice + 1u) * each); row++) {
    value += dy[row * constants.strideA + column];
  }
  dbias[at] = value;`,
});

function recordBiasGradient(plan: Recorder, bias: PlanTensor, dy: PlanTensor): void {
  const { storage, slices, stride } = plan.partialGradient(bias);
  const constants = { rows: sizeIndex(dy), columns: dy.columns, strideA: dy.stride, slices, stride };
  plan.dispatch(biasKernel, { dy, dbias: storage }, constants, () => gridFor(dy.columns * slices));
}

export function recordLinear(
  plan: Recorder,
  x: PlanTensor,
  weights: Linear<PlanTensor>,
  residual?: PlanTensor,
): PlanTensor {
  const y = recordForward(plan, "linear", x, weights, { residual });
  plan.onBackward(y, (dy) => {
    recordGradients(plan, x, weights.weight, dy);
    if (weights.bias) recordBiasGradient(plan, weights.bias, dy);
    // Last: from here on, others may add to dy where it stands.
    if (residual) addTo(plan, residual, dy);
  });
  return y;
}

/** The output's rows are padded to a multiple of four, so that products may read it in vectors. */
export function recordLogits(plan: Recorder, x: PlanTensor, weights: Linear<PlanTensor>): PlanTensor {
  const y = recordForward(plan, "logits", x, weights, { stride: Math.ceil(rowsOf(weights.weight) / 4) * 4 });
  plan.onBackward(y, (dy) => recordGradients(plan, x, weights.weight, dy));
  return y;
}

/** Weights that the flat parameters hold side by side, as one. Throws an Error where they do not. */
export function recordJoin(plan: Recorder, weights: PlanTensor[], biases: PlanTensor[]): Linear<PlanTensor> {
  const weight = joined(plan, weights);
  return biases.length === 0 ? { weight } : { weight, bias: joined(plan, biases) };
}

function joined(plan: Recorder, parts: PlanTensor[]): PlanTensor {
  const [first] = parts;
  const offset = first.parameter?.offset ?? 0;
  let [length, rows] = [0, 0];
  for (const part of parts) {
    if (part.parameter?.offset !== offset + length)
      throw new Error("These parameters do not stand side by side; name them as joined when the engine is made.");
    length += part.parameter.length;
    rows += rowsOf(part);
  }
  const parameter = { offset, length };
  return { ...first, rows, parameter, storage: plan.parameters.values(parameter) };
}

/** Rows of a weight. */
export function rowsOf({ rows }: PlanTensor): number {
  if (typeof rows !== "number") throw new Error("A weight has a fixed number of rows.");
  return rows;
}
