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
  const direct = heap();
  const { heads, kvHeads, headDim } = shape;
  const half = headDim / 2;
  const [n, width] = x.shape;
  const table = rotaryTable(shape);
  const y = direct.make([n, width]);
  const [memory, integers] = [direct.memory(), direct.integers()];
  const [from, to, list] = [direct.offset(x), direct.offset(y), direct.offset(positions)];
  const turning = heads + kvHeads;
  for (let row = 0; row < n; row++) {
    const at = integers[list + row] * headDim;
    for (let head = 0; head < turning; head++) {
      const a = row * width + head * headDim;
      for (let i = 0; i < half; i++) {
        const cosine = table[at + i];
        const sine = sign * table[at + half + i];
        const first = memory[from + a + i];
        const second = memory[from + a + half + i];
        memory[to + a + i] = first * cosine - second * sine;
        memory[to + a + half + i] = second * cosine + first * sine;
      }
    }
    const values = row * width + turning * headDim;
    memory.copyWithin(to + values, from + values, from + (row + 1) * width);
  }
  return y;
}
