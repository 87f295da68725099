/**
 * Selection: y[i] = x[indices[i]].
 *
 * x [n, d], indices [m]; y [m, d]. The gradient is a gather as well: row j of dx is dy[i] where indices[i] = j, and
 * zero where j was not selected. An index may repeat as padding, if nothing flows back from its repetitions.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../gradient";
import { heap } from "../heap";
import { addRows, gatherRows } from "./embed";

export function select(x: tf.Tensor, indices: Int32Array): tf.Tensor {
  const direct = heap();
  const [n, d] = x.shape;
  return withGradient(
    [x],
    () => ({ value: direct ? gatherRows(direct, x, indices) : tf.gather(x, tf.tensor1d(indices, "int32")), saved: [] }),
    (dy) => {
      if (direct) return [addRows(direct, dy, indices, n, d)];
      const inverse = new Int32Array(n).fill(indices.length);
      for (let i = indices.length - 1; i >= 0; i--) inverse[indices[i]] = i;
      return [tf.gather(tf.concat([dy, tf.zeros([1, d])], 0), tf.tensor1d(inverse, "int32"))];
    },
  );
}
