/**
 * The k likeliest tokens of each row, likeliest first, the lower id first where two are equal.
 *
 * logits [n, v]; y [n, 2 k]: ids, then their log-probabilities. Nothing flows back through it.
 */
import * as tf from "@tensorflow/tfjs";

export function topTokens(logits: tf.Tensor, k: number): tf.Tensor {
  const log = tf.sub(logits, tf.logSumExp(logits, -1, true));
  const { values, indices } = tf.topk(log, k);
  return tf.concat([tf.cast(indices, "float32"), values], 1);
}
