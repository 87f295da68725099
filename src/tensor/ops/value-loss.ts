/**
 * The critic's clipped squared error (method, section 4), summed with the caller's weights.
 *
 * With v the new value, o the old and R the return: l = 0.5 max((v - R)^2, (clip(v, o - valueClip, o + valueClip) - R)^2);
 * loss = valueCoefficient sum w l. Gradient: dl/dv = v - R where the first term decides or v is not clipped, else 0.
 * Statistics: the loss; its share of clipped tokens; sum w (v - R)^2. All handles [n], but for values [n, 1].
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import type { Loss, ValueTerms } from "../ops";

export function valueLoss(
  values: tf.Tensor,
  { old, returns, weights }: ValueTerms<tf.Tensor>,
  settings: tf.Tensor,
): Loss<tf.Tensor> {
  const [valueClip, coefficient] = tf.unstack(settings);
  const v = tf.reshape(values, [old.shape[0] ?? 0]);
  const near = tf.minimum(tf.maximum(v, tf.sub(old, valueClip)), tf.add(old, valueClip));
  const free = tf.square(tf.sub(v, returns));
  const clipped = tf.square(tf.sub(near, returns));
  const cut = tf.cast(tf.greater(clipped, free), "float32");
  const total = (each: tf.Tensor): tf.Tensor => tf.sum(tf.mul(weights, each));
  const value = tf.mul(tf.mul(coefficient, 0.5), total(tf.maximum(free, clipped)));
  const loss = withGradient(
    [values],
    () => {
      const slope = tf.mul(tf.mul(coefficient, weights), tf.mul(tf.sub(v, returns), tf.sub(1, cut)));
      return { value: tf.clone(value), saved: [slope] };
    },
    (dy, [slope]) => [tf.reshape(tf.mul(dy, slope), values.shape)],
  );
  return { loss, statistics: tf.stack([value, total(cut), total(free)]) };
}
