/**
 * SwiGLU: y = silu(gate) up, with gate = x G^T, up = x U^T and silu(z) = z sigmoid(z).
 *
 * x [n, d], G and U [f, d] joined as one weight [2 f, d]; y [n, f].
 * Gradients, with s = sigmoid(gate): dgate = dy up s (1 + gate (1 - s)), dup = dy gate s; from there as in ./linear.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import type { Linear } from "../ops";
import { elements, gridFor, type Kernel, perThing } from "../plan/kernel";
import { gridForProduct, makeProduct } from "../plan/product/product";
import { type Epilogue, eachNumber, type ProductSpec } from "../plan/product/spec";
import type { Recorder } from "../plan/recorder";
import { type PlanTensor, settled, sizeIndex } from "../plan/tensor";
import { linear, recordGradients, rowsOf } from "./linear";

export function swiglu(x: tf.Tensor, gateUp: Linear<tf.Tensor>): tf.Tensor {
  return gated(linear(x, gateUp));
}

/** x [n, 2 f] holds gate and up side by side. */
function gated(x: tf.Tensor): tf.Tensor {
  return withGradient(
    [x],
    () => {
      const [gate, up] = tf.split(x, 2, 1);
      return { value: tf.mul(tf.mul(gate, tf.sigmoid(gate)), up), saved: [x] };
    },
    (dy, [x]) => {
      const [gate, up] = tf.split(x, 2, 1);
      const s = tf.sigmoid(gate);
      const slope = tf.mul(s, tf.add(1, tf.mul(gate, tf.sub(1, s))));
      return [tf.concat([tf.mul(tf.mul(dy, up), slope), tf.mul(dy, tf.mul(gate, s))], 1)];
    },
  );
}

// On a plan: gate and up come out of one product, and are kept side by side where a backward pass will read them.

function epilogue(vector: boolean, keeps: boolean): Epilogue {
  const type = vector ? "vec4f" : "f32";
  const up = vector ? "constants.n / 4u" : "constants.n";
  return {
    reads: {},
    writes: { c: type, ...(keeps && { kept: type }) },
    constants: { strideC: "u32", strideKept: "u32" },
    store: (row, column, values) =>
      eachNumber(vector, row, column, values, ({ at, values: [gate, up_] }) => {
        const keep = keeps ? `kept[${at("strideKept")}] = gate; kept[${at("strideKept")} + ${up}] = up;` : "";
        return `{ let gate = ${gate}; let up = ${up_}; ${keep} c[${at("strideC")}] = gate / (1.0 + exp(-gate)) * up; }`;
      }),
  };
}

/** Turns gate and up into their gradients where they stand. */
function backwardKernel(divisible: boolean): Kernel {
  const { type, helpers } = elements(divisible);
  return perThing({
    name: "swiglu, backward",
    reads: { dy: type },
    writes: { kept: type },
    constants: { rows: "u32", columns: "u32" },
    count: "size(constants.rows) * constants.columns",
    helpers,
    body: `  let at = i / constants.columns * constants.columns * 2u + i % constants.columns;
  let gate = kept[at];
  let up = kept[at + constants.columns];
  let s = 1.0 / (1.0 + exp(-gate));
  kept[at] = dy[i] * up * s * (1.0 + gate * (1.0 - s));
  kept[at + constants.columns] = dy[i] * gate * s;`,
  });
}

export function recordSwiglu(plan: Recorder, x: PlanTensor, { weight, bias }: Linear<PlanTensor>): PlanTensor {
  if (bias) throw new Error("Gate and up have no bias.");
  const f = rowsOf(weight) / 2;
  const keeps = plan.mode === "train";
  const y = plan.make("gated", x.rows, f);
  const kept = plan.make("gate and up", x.rows, 2 * f);
  const normalise = x.pending?.kind === "rmsNorm" ? x.pending : undefined;
  if (!normalise) settled(x);
  const vector = x.columns % 4 === 0 && f % 4 === 0;
  const spec: ProductSpec = {
    name: normalise ? "swiglu of normal" : "swiglu",
    layout: "nt",
    tile: plan.tuning.tiles.nt,
    vector,
    normalised: normalise !== undefined,
    blocks: 2,
    epilogue: epilogue(vector, keeps),
  };
  const constants = {
    m: sizeIndex(x),
    n: f,
    k: x.columns,
    strideA: x.stride,
    strideB: weight.stride,
    epsilon: normalise?.epsilon ?? 0,
    strideC: f,
    strideKept: 2 * f,
  };
  const bindings = { a: x, b: weight, ...(normalise && { gain: normalise.gain }), c: y, kept };
  plan.dispatch(makeProduct(spec), bindings, constants, (sizes) => gridForProduct(spec, plan.countOf(x, sizes), f));
  plan.onBackward(y, (dy) => {
    const { width } = elements(f % 4 === 0);
    const inRow = f / width;
    plan.dispatch(backwardKernel(width === 4), { dy, kept }, { rows: sizeIndex(x), columns: inRow }, (sizes) =>
      gridFor(plan.countOf(x, sizes) * inRow),
    );
    recordGradients(plan, x, weight, kept);
  });
  return y;
}
