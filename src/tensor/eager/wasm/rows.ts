/** Embedding and selection on the wasm memory: rows are copied, and gradients added row by row. */
import type * as tf from "@tensorflow/tfjs";
import { withGradient } from "../gradient";
import { heap } from "./heap";

export function embed(table: tf.Tensor, ids: tf.Tensor): tf.Tensor {
  return takeRows(table, ids);
}

export function select(parts: tf.Tensor[], indices: tf.Tensor): tf.Tensor[] {
  return parts.map((x) => takeRows(x, indices));
}

/** y[i] = x[indices[i]]; the gradient adds dy[i] to row indices[i] in the order of i. */
function takeRows(x: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  return withGradient(
    [x],
    () => ({ value: gather(x, indices), saved: [indices] }),
    (dy, [indices]) => [addRows(dy, indices, x.shape)],
  );
}

function gather(x: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  const direct = heap();
  const d = x.shape[1] ?? 1;
  const y = direct.make([indices.size, d]);
  const [memory, integers] = [direct.memory(), direct.integers()];
  const [from, to, list] = [direct.offset(x), direct.offset(y), direct.offset(indices)];
  for (let i = 0; i < indices.size; i++) {
    const start = from + integers[list + i] * d;
    memory.copyWithin(to + i * d, start, start + d);
  }
  return y;
}

function addRows(dy: tf.Tensor, indices: tf.Tensor, shape: number[]): tf.Tensor {
  const { kernels, makeZeros, address } = heap();
  const dx = makeZeros(shape);
  kernels.addRows(indices.size, shape[1] ?? 1, address(dy), address(indices), address(dx));
  return dx;
}
