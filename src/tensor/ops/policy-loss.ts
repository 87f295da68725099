/**
 * The policy objective: PPO's clipped loss with dual clip, summed with the caller's weights.
 *
 * With d = logprob - old and r = exp(d), per token:
 *   l = max(-A r, -A clip(r, 1 - clipLow, 1 + clipHigh)), and for A < 0: min(l, -A dualClip);  loss = sum w l.
 * Gradient: dl/dlogprob = -A r where the unclipped term decides, else 0.
 * Statistics, also summed with w: both clip fractions (the clipped term decides: r too low with A < 0, r too high with
 * A > 0), k3 = r - 1 - d, entropy; and the largest |d| where w > 0.
 * scores [2, n] from tokenLogprob; old, advantages, weights [n].
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../gradient";

export interface ClipSettings {
  clipLow: number;
  clipHigh: number;
  dualClip: number;
}

export interface Loss<T> {
  /** Scalar. */
  loss: T;
  /** [5]: clip fraction low, clip fraction high, k3, entropy, largest gap. Nothing flows back through them. */
  statistics: T;
}

export function policyLoss(
  scores: tf.Tensor,
  old: Float32Array,
  advantages: Float32Array,
  weights: Float32Array,
  { clipLow, clipHigh, dualClip }: ClipSettings,
): Loss<tf.Tensor> {
  const n = old.length;
  const a = tf.tensor1d(advantages);
  const w = tf.tensor1d(weights);
  const line = (index: number): tf.Tensor => tf.reshape(tf.slice(scores, [index, 0], [1, n]), [n]);
  // Where nothing counts, nothing may overflow either.
  const counted = tf.cast(tf.greater(w, 0), "float32");
  const d = tf.mul(tf.sub(line(0), tf.tensor1d(old)), counted);
  const r = tf.exp(d);
  const tooLow = tf.logicalAnd(tf.less(r, 1 - clipLow), tf.less(a, 0));
  const tooHigh = tf.logicalAnd(tf.greater(r, 1 + clipHigh), tf.greater(a, 0));
  const tooFar = tf.logicalAnd(tf.greater(r, dualClip), tf.less(a, 0));
  const statistics = tf.stack([
    tf.sum(tf.mul(w, tf.cast(tooLow, "float32"))),
    tf.sum(tf.mul(w, tf.cast(tooHigh, "float32"))),
    tf.sum(tf.mul(w, tf.sub(tf.sub(r, 1), d))),
    tf.sum(tf.mul(w, line(1))),
    tf.max(tf.abs(d)),
  ]);
  const loss = withGradient(
    [scores],
    () => {
      const clipped = tf.maximum(tf.mul(tf.neg(a), r), tf.mul(tf.neg(a), tf.clipByValue(r, 1 - clipLow, 1 + clipHigh)));
      const bounded = tf.where(tf.less(a, 0), tf.minimum(clipped, tf.mul(a, -dualClip)), clipped);
      const decided = tf.logicalNot(tf.logicalOr(tf.logicalOr(tooLow, tooHigh), tooFar));
      const slope = tf.mul(tf.mul(w, tf.mul(tf.neg(a), r)), tf.cast(decided, "float32"));
      return { value: tf.sum(tf.mul(w, bounded)), saved: [slope] };
    },
    (dy, [slope]) => [tf.stack([tf.mul(dy, slope), tf.zerosLike(slope)])],
  );
  return { loss, statistics };
}

/** Supervised fine-tuning's loss, sum of -w logprob, with the same statistics (nothing is clipped, nothing is old). */
export function supervisedLoss(scores: tf.Tensor, weights: Float32Array): Loss<tf.Tensor> {
  const n = weights.length;
  const w = tf.tensor1d(weights);
  const line = (index: number): tf.Tensor => tf.reshape(tf.slice(scores, [index, 0], [1, n]), [n]);
  const statistics = tf.stack([tf.scalar(0), tf.scalar(0), tf.scalar(0), tf.sum(tf.mul(w, line(1))), tf.scalar(0)]);
  const loss = withGradient(
    [scores],
    () => ({ value: tf.neg(tf.sum(tf.mul(w, line(0)))), saved: [w] }),
    (dy, [w]) => [tf.stack([tf.mul(tf.neg(dy), w), tf.zerosLike(w)])],
  );
  return { loss, statistics };
}
