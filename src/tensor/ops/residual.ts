/** Residual sum: y = a + b, both [n, d]. The gradient passes to both unchanged. */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../gradient";

export function add(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return withGradient(
    [a, b],
    () => ({ value: tf.add(a, b), saved: [] }),
    (dy) => [dy, dy],
  );
}
