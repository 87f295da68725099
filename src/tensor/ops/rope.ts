/**
 * Rotary position embedding, in Hugging Face's rotate-half layout.
 *
 * x [n, (heads + kvHeads + kvHeads) headDim]: queries, keys and values side by side; queries and keys turn, values
 * pass. Within a head, component i < headDim / 2 and its partner i + headDim / 2 turn by
 * position theta^(-2 i / headDim). The gradient turns back by the same angle.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import type { AttentionShape } from "../ops";

export function rope(x: tf.Tensor, positions: tf.Tensor, shape: AttentionShape): tf.Tensor {
  return withGradient(
    [x],
    () => ({ value: turn(x, positions, shape, 1), saved: [positions] }),
    (dy, [positions]) => [turn(dy, positions, shape, -1)],
  );
}

const tables = new Map<string, Float32Array>();

/**
 * [positions, headDim]: for each position the cosines of its headDim / 2 angles, then their sines; computed once, in
 * double precision, because a GPU's own cosine is coarse for large angles.
 */
export function rotaryTable({ headDim, theta, positions }: AttentionShape): Float32Array {
  const key = `${headDim}/${theta}/${positions}`;
  const known = tables.get(key);
  if (known) return known;
  const half = headDim / 2;
  const table = new Float32Array(positions * headDim);
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * theta ** (-i / half);
      table[position * headDim + i] = Math.cos(angle);
      table[position * headDim + half + i] = Math.sin(angle);
    }
  }
  tables.set(key, table);
  return table;
}

function turn(x: tf.Tensor, positions: tf.Tensor, shape: AttentionShape, sign: number): tf.Tensor {
  const { heads, kvHeads, headDim } = shape;
  const [n] = x.shape;
  const half = headDim / 2;
  const table = tf.tensor2d(rotaryTable(shape), [shape.positions, headDim]);
  const angles = tf.reshape(tf.gather(table, tf.cast(positions, "int32")), [n, 1, headDim]);
  const [cosine, sine] = tf.split(angles, 2, 2);
  const all = tf.reshape(x, [n, heads + 2 * kvHeads, headDim]);
  const values = tf.slice(all, [0, heads + kvHeads, 0], [n, kvHeads, headDim]);
  const a = tf.slice(all, [0, 0, 0], [n, heads + kvHeads, half]);
  const b = tf.slice(all, [0, 0, half], [n, heads + kvHeads, half]);
  const signed = tf.mul(sine, sign);
  const turned = tf.concat(
    [tf.sub(tf.mul(a, cosine), tf.mul(b, signed)), tf.add(tf.mul(b, cosine), tf.mul(a, signed))],
    2,
  );
  return tf.reshape(tf.concat([turned, values], 1), x.shape);
}
