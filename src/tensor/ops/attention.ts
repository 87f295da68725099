/**
 * Causal attention with grouped-query heads.
 *
 * x [rows length, (heads + kvHeads + kvHeads) headDim]: queries, keys and values side by side, already turned by RoPE;
 * y [rows length, heads headDim]. For each row and each group of heads that shares a key head:
 *   S = Q K^T / sqrt(headDim) for j <= i, else -infinity;  P = softmax(S);  y = P V.
 * Gradients: dV = P^T dy, dP = dy V^T, dS = P (dP - sum_j P dP), dQ = dS K / sqrt(headDim), dK = dS^T Q / sqrt(headDim).
 * The heads of a group are stacked along the queries, so keys and values are never repeated.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../gradient";
import { type Heap, heap } from "../heap";

export interface AttentionShape {
  heads: number;
  kvHeads: number;
  headDim: number;
  /** Base of the rotary frequencies. */
  theta: number;
}

/** What a score is set to where the key lies in the future; its exponential is 0 in single precision. */
const masked = -1e9;

export function causalAttention(x: tf.Tensor, rows: number, length: number, shape: AttentionShape): tf.Tensor {
  const direct = heap();
  const size: Size = { ...shape, rows, length };
  return direct ? onHeap(direct, x, size) : composed(x, size);
}

interface Size extends AttentionShape {
  rows: number;
  length: number;
}

// The composition.

interface Parts {
  /** [rows, kvHeads, group length, headDim], divided by sqrt(headDim). */
  q: tf.Tensor;
  /** [rows, kvHeads, length, headDim] */
  k: tf.Tensor;
  v: tf.Tensor;
}

function split(x: tf.Tensor, { rows, length, heads, kvHeads, headDim }: Size): Parts {
  const all = tf.transpose(tf.reshape(x, [rows, length, heads + 2 * kvHeads, headDim]), [0, 2, 1, 3]);
  const part = (from: number, count: number): tf.Tensor =>
    tf.slice(all, [0, from, 0, 0], [rows, count, length, headDim]);
  const q = tf.mul(part(0, heads), 1 / Math.sqrt(headDim));
  return {
    q: tf.reshape(q, [rows, kvHeads, (heads / kvHeads) * length, headDim]),
    k: part(heads, kvHeads),
    v: part(heads + kvHeads, kvHeads),
  };
}

/** [group length, length]: 0 where query i may see key j, `masked` where not. */
function causalMask({ heads, kvHeads, length }: Size): tf.Tensor {
  const values = new Float32Array((heads / kvHeads) * length * length);
  for (let i = 0; i < values.length; i++) {
    const query = Math.floor(i / length) % length;
    if (i % length > query) values[i] = masked;
  }
  return tf.tensor4d(values, [1, 1, (heads / kvHeads) * length, length]);
}

function probabilities({ q, k }: Parts, size: Size): tf.Tensor {
  return tf.softmax(tf.add(tf.matMul(q, k, false, true), causalMask(size)));
}

function merge(y: tf.Tensor, { rows, length, heads, headDim }: Size): tf.Tensor {
  const byHead = tf.reshape(y, [rows, heads, length, headDim]);
  return tf.reshape(tf.transpose(byHead, [0, 2, 1, 3]), [rows * length, heads * headDim]);
}

function composed(x: tf.Tensor, size: Size): tf.Tensor {
  const { rows, length, heads, kvHeads, headDim } = size;
  return withGradient(
    [x],
    () => {
      const parts = split(x, size);
      const p = probabilities(parts, size);
      return { value: merge(tf.matMul(p, parts.v), size), saved: [x, p] };
    },
    (dy, [x, p]) => {
      const { q, k, v } = split(x, size);
      const byHead = tf.transpose(tf.reshape(dy, [rows, length, heads, headDim]), [0, 2, 1, 3]);
      const out = tf.reshape(byHead, q.shape);
      const dp = tf.matMul(out, v, false, true);
      const ds = tf.mul(p, tf.sub(dp, tf.sum(tf.mul(p, dp), -1, true)));
      const dq = tf.reshape(tf.mul(tf.matMul(ds, k), 1 / Math.sqrt(headDim)), [rows, heads, length, headDim]);
      const dk = tf.matMul(ds, q, true, false);
      const dv = tf.matMul(p, out, true, false);
      const all = tf.transpose(tf.concat([dq, dk, dv], 1), [0, 2, 1, 3]);
      return [tf.reshape(all, [rows * length, (heads + 2 * kvHeads) * headDim])];
    },
  );
}

// The same on the wasm heap: one plain product per row and group, everything between them in one pass.

/** Where the blocks of one (row, key head) begin, in floats. */
interface Block {
  q: number;
  k: number;
  v: number;
}

function onHeap(direct: Heap, x: tf.Tensor, size: Size): tf.Tensor {
  return withGradient(
    [x],
    () => {
      const p = probabilitiesOnHeap(direct, x, size);
      return { value: mixOnHeap(direct, x, p, size), saved: [x, p] };
    },
    (dy, [x, p]) => [backwardOnHeap(direct, dy, x, p, size)],
  );
}

/**
 * Copies one head between its place among others (stride `width`) and a block of its own [length, headDim], or
 * [headDim, length] where `turned`.
 */
function takeHead(
  memory: Float32Array,
  from: number,
  width: number,
  to: number,
  length: number,
  headDim: number,
  factor = 1,
): void {
  for (let t = 0; t < length; t++) {
    for (let i = 0; i < headDim; i++) memory[to + t * headDim + i] = factor * memory[from + t * width + i];
  }
}

function takeHeadTurned(
  memory: Float32Array,
  from: number,
  width: number,
  to: number,
  length: number,
  headDim: number,
): void {
  for (let i = 0; i < headDim; i++) {
    for (let t = 0; t < length; t++) memory[to + i * length + t] = memory[from + t * width + i];
  }
}

function putHead(
  memory: Float32Array,
  from: number,
  to: number,
  width: number,
  length: number,
  headDim: number,
  factor = 1,
): void {
  for (let t = 0; t < length; t++) {
    for (let i = 0; i < headDim; i++) memory[to + t * width + i] = factor * memory[from + t * headDim + i];
  }
}

/** Calls `visit` for each row and key head with the places of its first query head, its key and its value in x. */
function eachBlock(base: number, size: Size, visit: (block: Block, row: number, kvHead: number) => void): void {
  const { rows, length, heads, kvHeads, headDim } = size;
  const width = (heads + 2 * kvHeads) * headDim;
  for (let row = 0; row < rows; row++) {
    const start = base + row * length * width;
    for (let kvHead = 0; kvHead < kvHeads; kvHead++) {
      const q = start + kvHead * (heads / kvHeads) * headDim;
      const k = start + (heads + kvHead) * headDim;
      visit({ q, k, v: k + kvHeads * headDim }, row, kvHead);
    }
  }
}

function probabilitiesOnHeap(direct: Heap, x: tf.Tensor, size: Size): tf.Tensor {
  const { rows, length, heads, kvHeads, headDim } = size;
  const group = heads / kvHeads;
  const width = (heads + 2 * kvHeads) * headDim;
  const scores = direct.make([rows * heads * length, length]);
  const scratch = direct.make([(group + 1) * length * headDim]);
  const q = direct.offset(scratch);
  const k = q + group * length * headDim;
  let out = direct.offset(scores);
  eachBlock(direct.offset(x), size, (block) => {
    const memory = direct.memory();
    for (let head = 0; head < group; head++) {
      const to = q + head * length * headDim;
      takeHead(memory, block.q + head * headDim, width, to, length, headDim, 1 / Math.sqrt(headDim));
    }
    takeHeadTurned(memory, block.k, width, k, length, headDim);
    direct.matmul(q, k, out, group * length, headDim, length);
    out += group * length * length;
  });
  const memory = direct.memory();
  const start = direct.offset(scores);
  for (let line = 0; line < rows * heads * length; line++) {
    const at = start + line * length;
    memory.fill(masked, at + (line % length) + 1, at + length);
  }
  return tf.softmax(scores);
}

function mixOnHeap(direct: Heap, x: tf.Tensor, p: tf.Tensor, size: Size): tf.Tensor {
  const { rows, length, heads, kvHeads, headDim } = size;
  const group = heads / kvHeads;
  const width = (heads + 2 * kvHeads) * headDim;
  const y = direct.make([rows * length, heads * headDim]);
  const scratch = direct.make([(group + 1) * length * headDim]);
  const v = direct.offset(scratch);
  const out = v + length * headDim;
  const base = direct.offset(y);
  let pAt = direct.offset(p);
  eachBlock(direct.offset(x), size, (block, row, kvHead) => {
    takeHead(direct.memory(), block.v, width, v, length, headDim);
    direct.matmul(pAt, v, out, group * length, length, headDim);
    pAt += group * length * length;
    const memory = direct.memory();
    for (let head = 0; head < group; head++) {
      const to = base + row * length * heads * headDim + (kvHead * group + head) * headDim;
      putHead(memory, out + head * length * headDim, to, heads * headDim, length, headDim);
    }
  });
  return y;
}

function backwardOnHeap(direct: Heap, dy: tf.Tensor, x: tf.Tensor, p: tf.Tensor, size: Size): tf.Tensor {
  const { rows, length, heads, kvHeads, headDim } = size;
  const group = heads / kvHeads;
  const lines = group * length;
  const width = (heads + 2 * kvHeads) * headDim;
  const scale = 1 / Math.sqrt(headDim);
  const dx = direct.make([rows * length, width]);
  const scratch = direct.make([3 * lines * length + (2 * lines + 3 * length) * headDim + lines * headDim]);
  const ds = direct.offset(scratch);
  const dsTurned = ds + lines * length;
  const pTurned = dsTurned + lines * length;
  const q = pTurned + lines * length;
  const out = q + lines * headDim;
  const k = out + lines * headDim;
  const vTurned = k + length * headDim;
  const result = vTurned + length * headDim;
  const shift = direct.offset(dx) - direct.offset(x);
  const dyBase = direct.offset(dy);
  let pAt = direct.offset(p);
  eachBlock(direct.offset(x), size, (block, row, kvHead) => {
    let memory = direct.memory();
    for (let head = 0; head < group; head++) {
      const from = dyBase + row * length * heads * headDim + (kvHead * group + head) * headDim;
      takeHead(memory, from, heads * headDim, out + head * length * headDim, length, headDim);
      takeHead(memory, block.q + head * headDim, width, q + head * length * headDim, length, headDim);
    }
    takeHead(memory, block.k, width, k, length, headDim);
    takeHeadTurned(memory, block.v, width, vTurned, length, headDim);
    direct.matmul(out, vTurned, ds, lines, headDim, length);
    softmaxBackward(direct.memory(), pAt, ds, pTurned, dsTurned, lines, length);

    direct.matmul(ds, k, result, lines, length, headDim);
    memory = direct.memory();
    for (let head = 0; head < group; head++) {
      const to = block.q + shift + head * headDim;
      putHead(memory, result + head * length * headDim, to, width, length, headDim, scale);
    }
    direct.matmul(dsTurned, q, result, length, lines, headDim);
    putHead(direct.memory(), result, block.k + shift, width, length, headDim, scale);
    direct.matmul(pTurned, out, result, length, lines, headDim);
    putHead(direct.memory(), result, block.v + shift, width, length, headDim);
    pAt += lines * length;
  });
  return dx;
}

/** Turns dP at `ds` into dS in place, and writes the transposes [length, lines] of P and dS. */
function softmaxBackward(
  memory: Float32Array,
  p: number,
  ds: number,
  pTurned: number,
  dsTurned: number,
  lines: number,
  length: number,
): void {
  memory.fill(0, pTurned, pTurned + lines * length);
  memory.fill(0, dsTurned, dsTurned + lines * length);
  for (let line = 0; line < lines; line++) {
    const seen = (line % length) + 1;
    const at = line * length;
    let dot = 0;
    for (let j = 0; j < seen; j++) dot += memory[p + at + j] * memory[ds + at + j];
    for (let j = 0; j < seen; j++) {
      const probability = memory[p + at + j];
      const slope = probability * (memory[ds + at + j] - dot);
      memory[ds + at + j] = slope;
      memory[pTurned + j * lines + line] = probability;
      memory[dsTurned + j * lines + line] = slope;
    }
    memory.fill(0, ds + at + seen, ds + at + length);
  }
}
