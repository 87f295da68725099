/**
 * Embedding: y[i] = table[ids[i]].
 *
 * table [v, d], ids [n]; y [n, d]. The gradient adds dy[i] to row ids[i]: written as the product of a one-hot matrix
 * and dy, so that no two threads ever add to one number in an order that differs between runs.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";

export function embed(table: tf.Tensor, ids: tf.Tensor): tf.Tensor {
  const [v] = table.shape;
  return withGradient(
    [table],
    () => ({ value: tf.gather(table, tf.cast(ids, "int32")), saved: [ids] }),
    (dy, [ids]) => [tf.matMul(oneHot(ids, v), dy, true, false)],
  );
}

/** [n, v]: 1 at the index of each row. */
export function oneHot(indices: tf.Tensor, v: number): tf.Tensor {
  return tf.cast(tf.oneHot(tf.cast(indices, "int32"), v), "float32");
}
