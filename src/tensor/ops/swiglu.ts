/**
 * SwiGLU: y = silu(gate) up, with gate = x G^T, up = x U^T and silu(z) = z sigmoid(z).
 *
 * x [n, d], G and U [f, d] joined as one weight [2 f, d]; y [n, f].
 * Gradients, with s = sigmoid(gate): dgate = dy up s (1 + gate (1 - s)), dup = dy gate s; from there as in ./linear.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import type { Linear } from "../ops";
import { linear } from "./linear";

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
