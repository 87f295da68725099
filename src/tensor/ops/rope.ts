/**
 * Rotary position embedding, in Hugging Face's rotate-half layout.
 *
 * x [n, (heads + kvHeads + kvHeads) headDim]: queries, keys and values side by side; queries and keys turn, values
 * pass. Within a head, component i < headDim / 2 and its partner i + headDim / 2 turn by
 * position theta^(-2 i / headDim). The gradient turns back by the same angle.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../gradient";
import { type Heap, heap } from "../heap";
import type { AttentionShape } from "./attention";

export function rope(x: tf.Tensor, positions: Int32Array, shape: AttentionShape): tf.Tensor {
  const direct = heap();
  const turn = (x: tf.Tensor, sign: number): tf.Tensor =>
    direct ? turnOnHeap(direct, x, positions, shape, sign) : turnComposed(x, positions, shape, sign);
  return withGradient(
    [x],
    () => ({ value: turn(x, 1), saved: [] }),
    (dy) => [turn(dy, -1)],
  );
}

interface Table {
  positions: number;
  /** [positions, headDim]: cosines, then sines. */
  values: Float32Array;
}

const tables = new Map<string, Table>();

/** Cosines and sines for positions 0 to `last`, computed once in double precision. */
function tableUpTo(last: number, { headDim, theta }: AttentionShape): Float32Array {
  const key = `${headDim}/${theta}`;
  const known = tables.get(key);
  if (known && known.positions > last) return known.values;
  const positions = Math.max(64, 2 ** Math.ceil(Math.log2(last + 1)));
  const half = headDim / 2;
  const values = new Float32Array(positions * headDim);
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * theta ** (-i / half);
      values[position * headDim + i] = Math.cos(angle);
      values[position * headDim + half + i] = Math.sin(angle);
    }
  }
  tables.set(key, { positions, values });
  return values;
}

function largest(positions: Int32Array): number {
  let last = 0;
  for (const position of positions) if (position > last) last = position;
  return last;
}

function turnComposed(x: tf.Tensor, positions: Int32Array, shape: AttentionShape, sign: number): tf.Tensor {
  const { heads, kvHeads, headDim } = shape;
  const half = headDim / 2;
  const n = positions.length;
  const table = tableUpTo(largest(positions), shape);
  const angles = new Float32Array(n * headDim);
  for (let row = 0; row < n; row++) {
    const at = positions[row] * headDim;
    angles.set(table.subarray(at, at + headDim), row * headDim);
  }
  const [cosine, sine] = tf.split(tf.tensor3d(angles, [n, 1, headDim]), 2, 2);
  const all = tf.reshape(x, [n, heads + 2 * kvHeads, headDim]);
  const turning = tf.slice(all, [0, 0, 0], [n, heads + kvHeads, headDim]);
  const values = tf.slice(all, [0, heads + kvHeads, 0], [n, kvHeads, headDim]);
  const a = tf.slice(turning, [0, 0, 0], [n, heads + kvHeads, half]);
  const b = tf.slice(turning, [0, 0, half], [n, heads + kvHeads, half]);
  const signed = tf.mul(sine, sign);
  const turned = tf.concat(
    [tf.sub(tf.mul(a, cosine), tf.mul(b, signed)), tf.add(tf.mul(b, cosine), tf.mul(a, signed))],
    2,
  );
  return tf.reshape(tf.concat([turned, values], 1), x.shape);
}

function turnOnHeap(direct: Heap, x: tf.Tensor, positions: Int32Array, shape: AttentionShape, sign: number): tf.Tensor {
  const { heads, kvHeads, headDim } = shape;
  const half = headDim / 2;
  const [n, width] = x.shape;
  const table = tableUpTo(largest(positions), shape);
  const y = direct.make([n, width]);
  const memory = direct.memory();
  const from = direct.offset(x);
  const to = direct.offset(y);
  const turning = heads + kvHeads;
  for (let row = 0; row < n; row++) {
    const at = positions[row] * headDim;
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
