/**
 * Selection: y[i] = x[indices[i]].
 *
 * x [n, d], indices [m]; y [m, d]. Row j of dx is dy[i] where indices[i] = j, and zero where j was not selected. An
 * index may repeat as padding, if nothing flows back from its repetitions.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import { oneHot } from "./embed";

export function select(x: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  const [n] = x.shape;
  return withGradient(
    [x],
    () => ({ value: tf.gather(x, tf.cast(indices, "int32")), saved: [indices] }),
    (dy, [indices]) => [tf.matMul(oneHot(indices, n), dy, true, false)],
  );
}
