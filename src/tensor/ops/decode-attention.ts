/**
 * The key-value cache of one layer, and attention of one new token per row over it.
 *
 * Keys and values lie in fixed slabs [rows, kvHeads, capacity, headDim]: a cache that grows by concatenation would
 * leave a buffer of every size behind. x [n, (heads + 2 kvHeads) headDim] holds the turned queries, keys and values of
 * n rows. write: K[row, :, position] = k, V[row, :, position] = v.
 * attend: y[i] = softmax(q K[row, :, 0..position]^T / sqrt(headDim)) V[row, :, 0..position], y [n, heads headDim].
 */
import * as tf from "@tensorflow/tfjs-core";
import { heap } from "../heap";
import type { AttentionShape } from "./attention";

export interface LayerCache<T> {
  /** Writes whole prompts: x holds `length` tokens for each of `rows`, from position 0. */
  fill(x: T, rows: readonly number[], length: number): void;
  /** Writes one token to each of `rows` at its position. */
  write(x: T, rows: readonly number[], positions: Int32Array): void;
  /** Attends from one token of each of `rows` to all tokens up to its position. */
  attend(x: T, rows: readonly number[], positions: Int32Array): T;
  dispose(): void;
}

export function makeLayerCache(rows: number, capacity: number, shape: AttentionShape): LayerCache<tf.Tensor> {
  return heap() ? cacheInArrays(rows, capacity, shape) : cacheInTensors(rows, capacity, shape);
}

// The composition.

/** Slabs are cut to a multiple of this, so that the GPU's buffers come in few sizes. */
const bucket = 32;

function cacheInTensors(rows: number, capacity: number, shape: AttentionShape): LayerCache<tf.Tensor> {
  const { heads, kvHeads, headDim } = shape;
  const slab = [rows, kvHeads, capacity, headDim];
  let keys = tf.keep(tf.zeros(slab));
  let values = tf.keep(tf.zeros(slab));

  const replace = (make: (slab: tf.Tensor, first: number) => tf.Tensor): void => {
    const made = tf.tidy(() => [make(keys, heads), make(values, heads + kvHeads)]);
    tf.dispose([keys, values]);
    [keys, values] = made.map((tensor) => tf.keep(tensor));
  };

  return {
    fill: (x, targets, length) => {
      const inverse = new Int32Array(rows).fill(targets.length);
      targets.forEach((row, i) => (inverse[row] = i));
      const taken = tf.tensor4d(
        Array.from(inverse, (i) => (i < targets.length ? 1 : 0)),
        [rows, 1, 1, 1],
        "bool",
      );
      replace((slab, first) => {
        const all = tf.reshape(x, [targets.length, length, heads + 2 * kvHeads, headDim]);
        const part = tf.slice(all, [0, 0, first, 0], [targets.length, length, kvHeads, headDim]);
        const padded = tf.pad(tf.transpose(part, [0, 2, 1, 3]), [
          [0, 1],
          [0, 0],
          [0, capacity - length],
          [0, 0],
        ]);
        return tf.where(taken, tf.gather(padded, tf.tensor1d(inverse, "int32")), slab);
      });
      taken.dispose();
    },
    write: (x, targets, positions) => {
      const n = targets.length;
      const inverse = new Int32Array(rows).fill(n);
      const at = new Uint8Array(rows * capacity);
      targets.forEach((row, i) => {
        inverse[row] = i;
        at[row * capacity + positions[i]] = 1;
      });
      const here = tf.tensor4d(at, [rows, 1, capacity, 1], "bool");
      replace((slab, first) => {
        const all = tf.reshape(x, [n, heads + 2 * kvHeads, headDim]);
        const part = tf.slice(all, [0, first, 0], [n, kvHeads, headDim]);
        const padded = tf.concat([part, tf.zeros([1, kvHeads, headDim])], 0);
        const byRow = tf.gather(padded, tf.tensor1d(inverse, "int32"));
        return tf.where(here, tf.reshape(byRow, [rows, kvHeads, 1, headDim]), slab);
      });
      here.dispose();
    },
    attend: (x, targets, positions) =>
      tf.tidy(() => {
        const n = targets.length;
        const seen = Math.min(capacity, Math.ceil((Math.max(...positions) + 1) / bucket) * bucket);
        const inOrder = n === rows && targets.every((row, i) => row === i);
        const cut = (slab: tf.Tensor): tf.Tensor => {
          const shorter = tf.slice(slab, [0, 0, 0, 0], [rows, kvHeads, seen, headDim]);
          return inOrder ? shorter : tf.gather(shorter, tf.tensor1d([...targets], "int32"));
        };
        const queries = tf.slice(x, [0, 0], [n, heads * headDim]);
        const q = tf.reshape(tf.mul(queries, 1 / Math.sqrt(headDim)), [n, kvHeads, heads / kvHeads, headDim]);
        const mask = new Float32Array(n * seen);
        for (let i = 0; i < n; i++) mask.fill(-1e9, i * seen + positions[i] + 1, (i + 1) * seen);
        const scores = tf.add(tf.matMul(q, cut(keys), false, true), tf.tensor4d(mask, [n, 1, 1, seen]));
        return tf.reshape(tf.matMul(tf.softmax(scores), cut(values)), [n, heads * headDim]);
      }),
    dispose: () => {
      tf.dispose([keys, values]);
    },
  };
}

// The same over plain arrays, for the wasm backend.

function cacheInArrays(rows: number, capacity: number, shape: AttentionShape): LayerCache<tf.Tensor> {
  const { heads, kvHeads, headDim } = shape;
  const width = (heads + 2 * kvHeads) * headDim;
  let keys = new Float32Array(rows * kvHeads * capacity * headDim);
  let values = new Float32Array(rows * kvHeads * capacity * headDim);

  /** Copies one token's keys and values from its line in `memory` into the slabs. */
  const put = (memory: Float32Array, line: number, row: number, position: number): void => {
    for (let head = 0; head < kvHeads; head++) {
      const to = ((row * kvHeads + head) * capacity + position) * headDim;
      const key = line + (heads + head) * headDim;
      const value = key + kvHeads * headDim;
      for (let i = 0; i < headDim; i++) {
        keys[to + i] = memory[key + i];
        values[to + i] = memory[value + i];
      }
    }
  };

  return {
    fill: (x, targets, length) => {
      const { memory, from } = read(x);
      targets.forEach((row, i) => {
        for (let t = 0; t < length; t++) put(memory, from + (i * length + t) * width, row, t);
      });
    },
    write: (x, targets, positions) => {
      const { memory, from } = read(x);
      targets.forEach((row, i) => {
        put(memory, from + i * width, row, positions[i]);
      });
    },
    attend: (x, targets, positions) => {
      const direct = heap();
      if (!direct) throw new Error("The backend was changed while a decoder of the wasm backend was in use.");
      const y = direct.make([targets.length, heads * headDim]);
      const memory = direct.memory();
      const from = direct.offset(x);
      const to = direct.offset(y);
      const scores = new Float32Array(capacity);
      targets.forEach((row, i) => {
        for (let head = 0; head < heads; head++) {
          const kvHead = Math.floor((head * kvHeads) / heads);
          const slab = (row * kvHeads + kvHead) * capacity * headDim;
          const q = from + i * width + head * headDim;
          const out = to + (i * heads + head) * headDim;
          attendOne(memory, q, out, keys, values, slab, positions[i] + 1, headDim, scores);
        }
      });
      return y;
    },
    dispose: () => {
      keys = new Float32Array(0);
      values = keys;
    },
  };
}

function read(x: tf.Tensor): { memory: Float32Array; from: number } {
  const direct = heap();
  if (!direct) throw new Error("The backend was changed while a decoder of the wasm backend was in use.");
  return { memory: direct.memory(), from: direct.offset(x) };
}

/** One query over the first `seen` keys and values of one head. */
function attendOne(
  memory: Float32Array,
  q: number,
  out: number,
  keys: Float32Array,
  values: Float32Array,
  slab: number,
  seen: number,
  headDim: number,
  scores: Float32Array,
): void {
  const scale = 1 / Math.sqrt(headDim);
  let highest = -Infinity;
  for (let t = 0; t < seen; t++) {
    let dot = 0;
    const at = slab + t * headDim;
    for (let i = 0; i < headDim; i++) dot += memory[q + i] * keys[at + i];
    const score = dot * scale;
    scores[t] = score;
    if (score > highest) highest = score;
  }
  for (let i = 0; i < headDim; i++) memory[out + i] = 0;
  let total = 0;
  for (let t = 0; t < seen; t++) {
    const weight = Math.exp(scores[t] - highest);
    total += weight;
    const at = slab + t * headDim;
    for (let i = 0; i < headDim; i++) memory[out + i] += weight * values[at + i];
  }
  for (let i = 0; i < headDim; i++) memory[out + i] /= total;
}
