/**
 * RMSNorm: y = x r g, with r = 1 / sqrt(mean(x^2) + epsilon) over the last axis.
 *
 * x [n, d], g [d]; y [n, d].
 * Gradients: dg = the sum over n of dy x r; dx = r (h - x r^2 mean(h x)), with h = dy g.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";

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
