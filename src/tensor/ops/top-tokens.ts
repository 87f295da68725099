/**
 * The k likeliest tokens of each row, likeliest first, the lower id first where two are equal.
 *
 * logits [n, v]; y [n, 2 k]: ids, then their log-probabilities. Nothing flows back through it.
 */
import * as tf from "@tensorflow/tfjs";
import { gridFor, type Kernel, perThing } from "../plan/kernel";
import type { Recorder } from "../plan/recorder";
import { type PlanTensor, sizeIndex } from "../plan/tensor";

export function topTokens(logits: tf.Tensor, k: number): tf.Tensor {
  const log = tf.sub(logits, tf.logSumExp(logits, -1, true));
  const { values, indices } = tf.topk(log, k);
  return tf.concat([tf.cast(indices, "float32"), values], 1);
}

// On a plan: one thread a row; it is asked for by people, not by training.

function kernel(k: number): Kernel {
  return perThing({
    name: `top ${k} tokens`,
    reads: { logits: "f32" },
    writes: { y: "f32" },
    constants: { rows: "u32", stride: "u32", vocabulary: "u32" },
    count: "size(constants.rows)",
    body: `  let start = i * constants.stride;
  var top = -3e38;
  for (var v = 0u; v < constants.vocabulary; v++) { top = max(top, logits[start + v]); }
  var mass = 0.0;
  for (var v = 0u; v < constants.vocabulary; v++) { mass += exp(logits[start + v] - top); }
  var last = 3e38;
  var last_id = 0u;
  for (var place = 0u; place < ${k}u; place++) {
    var best = -3e38;
    var best_id = 0u;
    for (var v = 0u; v < constants.vocabulary; v++) {
      let value = logits[start + v];
      let later = value < last || (value == last && v > last_id);
      if (later && value > best) { best = value; best_id = v; }
    }
    y[i * ${2 * k}u + place] = f32(best_id);
    y[i * ${2 * k}u + ${k}u + place] = best - top - log(mass);
    last = best;
    last_id = best_id;
  }`,
  });
}

export function recordTopTokens(plan: Recorder, logits: PlanTensor, k: number): PlanTensor {
  const y = plan.make("top tokens", logits.rows, 2 * k);
  const constants = { rows: sizeIndex(logits), stride: logits.stride, vocabulary: logits.columns };
  plan.dispatch(kernel(k), { logits, y }, constants, (sizes) => gridFor(plan.countOf(logits, sizes)));
  return y;
}
