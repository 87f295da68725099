/**
 * Embedding: y[i] = table[ids[i]].
 *
 * table [v, d], ids [n]; y [n, d]. The gradient adds dy[i] to row ids[i]: written as the product of a one-hot matrix
 * and dy, so that no two threads ever add to one number in an order that differs between runs.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../gradient";
import { type Heap, heap } from "../heap";

export function embed(table: tf.Tensor, ids: Int32Array): tf.Tensor {
  const direct = heap();
  const [v, d] = table.shape;
  return withGradient(
    [table],
    () => ({ value: direct ? gatherRows(direct, table, ids) : tf.gather(table, tf.tensor1d(ids, "int32")), saved: [] }),
    (dy) => {
      if (direct) return [addRows(direct, dy, ids, v, d)];
      const oneHot = tf.cast(tf.oneHot(tf.tensor1d(ids, "int32"), v), "float32");
      return [tf.matMul(oneHot, dy, true, false)];
    },
  );
}

/** y[i] = x[indices[i]], by copying. */
export function gatherRows(direct: Heap, x: tf.Tensor, indices: Int32Array): tf.Tensor {
  const d = x.shape[1] ?? 1;
  const y = direct.make([indices.length, d]);
  const memory = direct.memory();
  const from = direct.offset(x);
  const to = direct.offset(y);
  for (let i = 0; i < indices.length; i++) {
    const start = from + indices[i] * d;
    memory.copyWithin(to + i * d, start, start + d);
  }
  return y;
}

/** [v, d]: zero, plus dy[i] at row indices[i]. */
export function addRows(direct: Heap, dy: tf.Tensor, indices: Int32Array, v: number, d: number): tf.Tensor {
  const dx = direct.make([v, d]);
  const memory = direct.memory();
  const from = direct.offset(dy);
  const to = direct.offset(dx);
  memory.fill(0, to, to + v * d);
  for (let i = 0; i < indices.length; i++) {
    const at = to + indices[i] * d;
    for (let j = 0; j < d; j++) memory[at + j] += memory[from + i * d + j];
  }
  return dx;
}
