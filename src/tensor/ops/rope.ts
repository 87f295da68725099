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
import { elements, gridFor, type Kernel, perThing } from "../plan/kernel";
import type { Recorder } from "../plan/recorder";
import { type PlanTensor, settled, sizeIndex } from "../plan/tensor";

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

// On a plan: attention turns its own input, in place, and turns the gradient back as it writes it.

/** One thread turns one pair of numbers, or four pairs that stand side by side. */
const turnKernel = (divisible: boolean): Kernel => {
  const { type } = elements(divisible);
  return perThing({
    name: "rope",
    reads: { positions: "u32", table: type },
    writes: { x: type },
    constants: { rows: "u32", turning: "u32", width: "u32", half: "u32" },
    count: "size(constants.rows) * constants.turning * constants.half",
    body: `  let half = constants.half;
  let pair = i % half;
  let head = i / half % constants.turning;
  let row = i / half / constants.turning;
  let a = row * constants.width + head * 2u * half + pair;
  let angle = positions[row] * 2u * half + pair;
  let cosine = table[angle];
  let sine = table[angle + half];
  let first = x[a];
  let second = x[a + half];
  x[a] = first * cosine - second * sine;
  x[a + half] = second * cosine + first * sine;`,
  });
};

/** Turns what is pending on `x` where it stands. */
export function recordTurn(plan: Recorder, x: PlanTensor, { heads, kvHeads, headDim }: AttentionShape): PlanTensor {
  const { pending, ...turned } = x;
  if (pending?.kind !== "rope") return settled(x);
  // Several may read it; it is turned once.
  if (!plan.first(pending)) return turned;
  const { positions, table } = pending;
  const turning = heads + kvHeads;
  const { width } = elements(headDim % 8 === 0);
  const half = headDim / 2 / width;
  const constants = { rows: sizeIndex(x), turning, width: x.columns / width, half };
  plan.dispatch(turnKernel(width === 4), { positions, table, x }, constants, (sizes) =>
    gridFor(plan.countOf(x, sizes) * turning * half),
  );
  return turned;
}

export function recordRope(plan: Recorder, x: PlanTensor, positions: PlanTensor, shape: AttentionShape): PlanTensor {
  const table = plan.constant(`rope ${shape.headDim} ${shape.theta} ${shape.positions}`, () => rotaryTable(shape));
  return { ...settled(x), pending: { kind: "rope", positions, table } };
}
