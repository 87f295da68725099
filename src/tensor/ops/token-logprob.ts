/**
 * Log-probability of given tokens, and the entropy of the distribution that they were drawn from.
 *
 * logits [n, v], targets [n]; with log p = logits - logsumexp(logits): logprobs [n] = log p(target), entropies [n] =
 * -sum p log p, in nats. Gradients: dlogits = dlogprob (onehot(target) - p) - dentropy p (log p + entropy).
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import type { TokenScores } from "../ops";
import { elements, gridFor, type Kernel, perThing } from "../plan/kernel";
import { gridForRows, perRow } from "../plan/lanes";
import type { Recorder } from "../plan/recorder";
import { type PlanTensor, sizeIndex } from "../plan/tensor";
import type { Tuning } from "../plan/tuning";
import { oneHot } from "./embed";

export function tokenLogprob(logits: tf.Tensor, targets: tf.Tensor): TokenScores<tf.Tensor> {
  const [n, v] = logits.shape;
  const logprobs = withGradient(
    [logits],
    () => ({ value: tf.sum(tf.mul(logLikelihood(logits), oneHot(targets, v)), -1), saved: [logits, targets] }),
    (dy, [logits, targets]) => [
      tf.mul(tf.reshape(dy, [n, 1]), tf.sub(oneHot(targets, v), tf.exp(logLikelihood(logits)))),
    ],
  );
  const entropies = withGradient(
    [logits],
    () => ({ value: entropyOf(logLikelihood(logits)), saved: [logits] }),
    (dy, [logits]) => {
      const log = logLikelihood(logits);
      const slope = tf.mul(tf.exp(log), tf.add(log, tf.reshape(entropyOf(log), [n, 1])));
      return [tf.mul(tf.neg(tf.reshape(dy, [n, 1])), slope)];
    },
  );
  return { logprobs, entropies };
}

function logLikelihood(logits: tf.Tensor): tf.Tensor {
  return tf.sub(logits, tf.logSumExp(logits, -1, true));
}

function entropyOf(log: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(tf.exp(log), log), -1));
}

// On a plan. Rows of logits may be padded; what lies in the padding is neither read nor left behind.

/** Functions that read elements of a row of logits: padding counts as a logit whose exponential is 0. */
export function logitHelpers(divisible: boolean): string {
  return divisible
    ? `fn logit(start: u32, c: u32) -> vec4f {
  let inside = vec4u(c * 4u) + vec4u(0u, 1u, 2u, 3u) < vec4u(constants.vocabulary);
  return select(vec4f(-3e38), logits[start + c], inside);
}
fn highest(e: vec4f) -> f32 { return max(max(e.x, e.y), max(e.z, e.w)); }
`
    : `fn logit(start: u32, c: u32) -> f32 { return logits[start + c]; }
fn highest(e: f32) -> f32 { return e; }
`;
}

/** WGSL that finds `top`, the highest logit, and `mass`, the sum of exp(logit - top), of the row at `start`. */
export const findMass = `  var peak = Element(-3e38);
  for (var c = first; c < constants.columns; c += LANES) { peak = max(peak, logit(start, c)); }
  let top = most(highest(peak), place);
  var masses = Element();
  for (var c = first; c < constants.columns; c += LANES) { masses += exp(logit(start, c) - top); }
  let mass = sum(total(masses), place);`;

function forwardKernel(divisible: boolean, tuning: Tuning): Kernel {
  const { type, width, helpers } = elements(divisible);
  const element = width === 4 ? "logits[start + t / 4u][t % 4u]" : "logits[start + t]";
  return perRow(
    {
      name: "tokenLogprob",
      reads: { logits: type, targets: "u32" },
      writes: { logprobs: "f32", entropies: "f32", normalisers: "f32" },
      constants: { rows: "u32", columns: "u32", vocabulary: "u32" },
      rows: "size(constants.rows)",
      helpers: helpers + logitHelpers(divisible),
      body: `  let start = row * constants.columns;
${findMass}
  var weighted = Element();
  for (var c = first; c < constants.columns; c += LANES) {
    let below = max(logit(start, c) - top, Element(-1e30));
    weighted = fma(exp(below), below, weighted);
  }
  let mean = sum(total(weighted), place) / mass;
  if (leader) {
    let t = targets[row];
    let normaliser = top + log(mass);
    logprobs[row] = ${element} - normaliser;
    entropies[row] = log(mass) - mean;
    normalisers[row] = normaliser;
  }`,
    },
    tuning,
  );
}

/** Turns logits into their gradient where they stand; one thread has one element. */
function backwardKernel(divisible: boolean, entropy: boolean): Kernel {
  const { type, width, helpers } = elements(divisible);
  const target =
    width === 4 ? "vec4f(vec4u(c * 4u) + vec4u(0u, 1u, 2u, 3u) == vec4u(target_id))" : "f32(c == target_id)";
  return perThing({
    name: "tokenLogprob, backward",
    reads: {
      targets: "u32",
      normalisers: "f32",
      slopes: "f32",
      ...(entropy && { entropies: "f32", entropySlopes: "f32" }),
    },
    writes: { logits: type },
    constants: { rows: "u32", columns: "u32", vocabulary: "u32" },
    count: "size(constants.rows) * constants.columns",
    helpers: helpers + logitHelpers(divisible),
    body: `  let row = i / constants.columns;
  let c = i % constants.columns;
  let target_id = targets[row];
  let log_p = max(logit(row * constants.columns, c) - normalisers[row], Element(-1e30));
  let p = exp(log_p);
  var value = slopes[row] * (${target} - p);
${entropy ? "  value -= entropySlopes[row] * p * (log_p + entropies[row]);" : ""}
  logits[i] = value;`,
  });
}

export function recordTokenLogprob(plan: Recorder, logits: PlanTensor, targets: PlanTensor): TokenScores<PlanTensor> {
  const divisible = logits.stride % 4 === 0;
  const columns = logits.stride / elements(divisible).width;
  const constants = { rows: sizeIndex(logits), columns, vocabulary: logits.columns };
  const logprobs = plan.make("logprobs", logits.rows, 1);
  const entropies = plan.make("entropies", logits.rows, 1);
  const normalisers = plan.make("normalisers", logits.rows, 1);
  const bindings = { logits, targets, logprobs, entropies, normalisers };
  plan.dispatch(forwardKernel(divisible, plan.tuning), bindings, constants, (sizes) =>
    gridForRows(plan.countOf(logits, sizes), plan.tuning),
  );
  plan.onBackwardOf([logprobs, entropies], ([slopes, entropySlopes]) => {
    if (!slopes) throw new Error("Entropies are learned from beside log-probabilities only.");
    const optional: Record<string, PlanTensor> = entropySlopes ? { entropies, entropySlopes } : {};
    const kernel = backwardKernel(divisible, entropySlopes !== undefined);
    plan.dispatch(kernel, { targets, normalisers, slopes, ...optional, logits }, constants, (sizes) =>
      gridFor(plan.countOf(logits, sizes) * columns),
    );
    plan.passGradient(logits, logits);
  });
  return { logprobs, entropies };
}
