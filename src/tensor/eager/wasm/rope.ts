/** RoPE on the wasm memory. The mathematics is in ops/rope. */
import type * as tf from "@tensorflow/tfjs";
import type { AttentionShape } from "../../ops";
import { rotaryTable } from "../../ops/rope";
import { withGradient } from "../gradient";
import { heap } from "./heap";

export function rope(x: tf.Tensor, positions: tf.Tensor, shape: AttentionShape): tf.Tensor {
  return withGradient(
    [x],
    () => ({ value: turn(x, positions, shape, 1), saved: [positions] }),
    (dy, [positions]) => [turn(dy, positions, shape, -1)],
  );
}

function turn(x: tf.Tensor, positions: tf.Tensor, shape: AttentionShape, sign: number): tf.Tensor {
  const { kernels, make, address } = heap();
  const { heads, kvHeads, headDim } = shape;
  const [n, width] = x.shape;
  const y = make([n, width]);
  const angles = anglesAt(positions, shape);
  const rest = kvHeads * headDim;
  kernels.rope(n, heads + kvHeads, headDim, rest, address(x), address(angles), address(y), sign);
  return y;
}

/** The rotary table's lines at `positions` [n]: [n, headDim]. */
function anglesAt(positions: tf.Tensor, shape: AttentionShape): tf.Tensor {
  const direct = heap();
  const { headDim } = shape;
  const table = rotaryTable(shape);
  const angles = direct.make([positions.size, headDim]);
  const [memory, integers] = [direct.memory(), direct.integers()];
  const [to, list] = [direct.offset(angles), direct.offset(positions)];
  for (let i = 0; i < positions.size; i++) {
    const at = integers[list + i] * headDim;
    memory.set(table.subarray(at, at + headDim), to + i * headDim);
  }
  return angles;
}
