/**
 * AdamW with decoupled weight decay, as in PyTorch, and the global norm that bounds the gradient before it.
 *
 *   g <- g min(1, bound / (norm + 1e-6)), norm = sqrt(sum over all parameters of g^2)
 *   m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2
 *   w <- w (1 - lr decay) - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
 */
import * as tf from "@tensorflow/tfjs";
import { gridFor, makeKernel, perThing } from "../plan/kernel";
import type { Recorder } from "../plan/recorder";
import type { PlanTensor, Region } from "../plan/tensor";

export interface AdamWStep {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Factor on the gradient, from the norm's bound. */
  gradientScale: number;
  /** Counts from 1. */
  step: number;
}

/** One parameter's new value and moments, from its old ones; shapes are all the parameter's. */
export function adamW(
  weight: tf.Tensor,
  gradient: tf.Tensor,
  first: tf.Tensor,
  second: tf.Tensor,
  { learningRate, beta1, beta2, epsilon, weightDecay, gradientScale, step }: AdamWStep,
): { weight: tf.Tensor; first: tf.Tensor; second: tf.Tensor } {
  return tf.tidy(() => {
    const g = tf.mul(gradient, gradientScale);
    const m = tf.add(tf.mul(first, beta1), tf.mul(g, 1 - beta1));
    const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(g), 1 - beta2));
    const root = tf.add(tf.sqrt(tf.mul(v, 1 / (1 - beta2 ** step))), epsilon);
    const update = tf.div(tf.mul(m, learningRate / (1 - beta1 ** step)), root);
    return { weight: tf.sub(tf.mul(weight, 1 - learningRate * weightDecay), update), first: m, second: v };
  });
}

/** The Euclidean norm of all gradients together, as a scalar. (tfjs's addN is wrong on WebGPU for many tensors.) */
export function globalNorm(gradients: tf.Tensor[]): tf.Tensor {
  return tf.tidy(() => {
    const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
    return tf.sqrt(squares.reduce((total, square) => tf.add(total, square)));
  });
}

// On a plan: parameters, gradients and moments are flat; three steps, whatever the model. What is not finite is found
// by its bits, because a shader's compiler may take it that such numbers do not occur.

/** The numbers of a step, in the order in which its input holds them. */
export const adamWNumbers = [
  "learningRate",
  "beta1",
  "beta2",
  "epsilon",
  "weightDecay",
  "gradientClip",
  "correction1",
  "correction2",
] as const;

/** Threads that sum squares; each takes every so many-th four. */
const summers = 1024;

const finite = `fn is_finite(value: f32) -> bool { return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u; }`;

const squaresKernel = perThing({
  name: "squares of the gradient",
  reads: { gradients: "vec4f" },
  writes: { partial: "f32" },
  constants: { fours: "u32" },
  count: `${summers}u`,
  helpers: finite,
  body: `  var sum = 0.0;
  var fine = true;
  for (var at = i; at < constants.fours; at += ${summers}u) {
    let g = gradients[at];
    sum += dot(g, g);
    fine = fine && is_finite(g.x) && is_finite(g.y) && is_finite(g.z) && is_finite(g.w);
  }
  // Infinity, by its bits, where anything was not finite.
  partial[i] = bitcast<f32>(select(0x7f800000u, bitcast<u32>(sum), fine));`,
});

/** [the norm; the factor that bounds it; whether the step is taken, 1 or 0]. */
const normKernel = makeKernel({
  name: "norm of the gradient",
  reads: { partial: "f32", numbers: "f32" },
  writes: { norm: "f32" },
  constants: {},
  workgroup: [1, 1, 1],
  helpers: finite,
  body: `  var sum = 0.0;
  var fine = true;
  for (var at = 0u; at < ${summers}u; at++) {
    sum += partial[at];
    fine = fine && is_finite(partial[at]);
  }
  fine = fine && is_finite(sum);
  let length = sqrt(select(0.0, sum, fine));
  norm[0] = bitcast<f32>(select(0x7f800000u, bitcast<u32>(length), fine));
  norm[1] = min(1.0, numbers[${adamWNumbers.indexOf("gradientClip")}] / (length + 1e-6));
  norm[2] = select(0.0, 1.0, fine);`,
});

const number = (name: (typeof adamWNumbers)[number]): string => `numbers[${adamWNumbers.indexOf(name)}]`;

/** Also clears the gradient. Fours before `decaying` belong to matrices. */
const stepKernel = perThing({
  name: "adamW",
  reads: { norm: "f32", numbers: "f32" },
  writes: { weights: "vec4f", gradients: "vec4f", first: "vec4f", second: "vec4f" },
  constants: { fours: "u32", decaying: "u32" },
  count: "constants.fours",
  body: `  let g = gradients[i] * norm[1];
  gradients[i] = vec4f();
  if (norm[2] == 0.0) { return; }
  let m = ${number("beta1")} * first[i] + (1.0 - ${number("beta1")}) * g;
  let v = ${number("beta2")} * second[i] + (1.0 - ${number("beta2")}) * g * g;
  first[i] = m;
  second[i] = v;
  let decay = select(0.0, ${number("weightDecay")}, i < constants.decaying);
  let update = m / ${number("correction1")} / (sqrt(v / ${number("correction2")}) + ${number("epsilon")});
  weights[i] = weights[i] * (1.0 - ${number("learningRate")} * decay) - ${number("learningRate")} * update;`,
});

/** The flat buffers; all hold `length` numbers, of which those before `decaying` belong to matrices. */
export interface FlatState {
  weights: Region;
  gradients: Region;
  first: Region;
  second: Region;
  length: number;
  decaying: number;
}

/** Returns the gradient's norm before clipping, the first of [3]; infinity where the step was not taken. */
export function recordAdamW(plan: Recorder, state: FlatState): PlanTensor {
  const numbers = plan.input("adamW", { type: "float32", size: adamWNumbers.length, padding: "zero" });
  const partial = plan.make("partial sums", summers, 1);
  const norm = plan.make("norm", 3, 1);
  const fours = state.length / 4;
  plan.dispatch(squaresKernel, { gradients: state.gradients, partial }, { fours }, () => gridFor(summers));
  plan.dispatch(normKernel, { partial, numbers, norm }, {}, () => [1, 1, 1]);
  const { weights, gradients, first, second } = state;
  const bindings = { norm, numbers, weights, gradients, first, second };
  plan.dispatch(stepKernel, bindings, { fours, decaying: state.decaying / 4 }, () => gridFor(fours));
  return norm;
}

const slicesKernel = perThing({
  name: "partial gradients",
  reads: { partial: "vec4f" },
  writes: { gradients: "vec4f" },
  constants: { fours: "u32", slices: "u32" },
  count: "constants.fours",
  body: `  var sum = gradients[i];
  for (var slice = 0u; slice < constants.slices; slice++) { sum += partial[slice * constants.fours + i]; }
  gradients[i] = sum;`,
});

/** Adds the slices of partial gradients to the gradient. */
export function recordSlices(plan: Recorder, partial: Region, slices: number, { gradients, length }: FlatState): void {
  const fours = length / 4;
  plan.dispatch(slicesKernel, { partial, gradients }, { fours, slices }, () => gridFor(fours));
}
