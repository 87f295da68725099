/** Matrix products that are quick on the wasm backend, which is quick at plain ones only. */
import * as tf from "@tensorflow/tfjs";
import { heap } from "./heap";

/** Edge of the square that is transposed at a time, so that reads and writes both stay in the first cache. */
const tile = 16;

/** The transpose of a matrix [m, n], as [n, m]. */
export function transpose(x: tf.Tensor): tf.Tensor {
  const direct = heap();
  const [m, n] = x.shape;
  const y = direct.make([n, m]);
  const memory = direct.memory();
  const from = direct.offset(x);
  const to = direct.offset(y);
  for (let i0 = 0; i0 < m; i0 += tile) {
    const iEnd = Math.min(m, i0 + tile);
    for (let j0 = 0; j0 < n; j0 += tile) {
      const jEnd = Math.min(n, j0 + tile);
      for (let j = j0; j < jEnd; j++) for (let i = i0; i < iEnd; i++) memory[to + j * m + i] = memory[from + i * n + j];
    }
  }
  return y;
}

/**
 * a^T b for a [k, m] and b [k, n]: [m, n]. The wasm backend's own transposed product is 20 times slower; and it packs
 * its right factor at several times the price of our transpose, so the narrower matrix goes there.
 */
export function multiplyTransposed(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [, m] = a.shape;
  const [, n] = b.shape;
  return n <= m ? tf.matMul(transpose(a), b) : transpose(tf.matMul(transpose(b), a));
}
