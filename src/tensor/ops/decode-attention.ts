/**
 * The key-value cache of one layer, and attention of one new token per row over it.
 *
 * Keys and values lie in fixed slabs [rows, kvHeads, capacity, headDim]: a cache that grows by concatenation would
 * leave a buffer of every size behind. x [n, (heads + 2 kvHeads) headDim] holds the turned queries, keys and values of
 * n rows. write: K[row, :, position] = k, V[row, :, position] = v.
 * attend: y[i] = softmax(q K[row, :, 0..position]^T / sqrt(headDim)) V[row, :, 0..position], y [n, heads headDim].
 */
import * as tf from "@tensorflow/tfjs-core";
import { type Heap, heap } from "../heap";
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

/** A score whose exponential is 0 in single precision. */
const masked = -1e9;

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
        for (let i = 0; i < n; i++) mask.fill(masked, i * seen + positions[i] + 1, (i + 1) * seen);
        const scores = tf.add(tf.matMul(q, cut(keys), false, true), tf.tensor4d(mask, [n, 1, 1, seen]));
        return tf.reshape(tf.matMul(tf.softmax(scores), cut(values)), [n, heads * headDim]);
      }),
    dispose: () => {
      tf.dispose([keys, values]);
    },
  };
}

// The same over plain arrays, for the wasm backend.

/** Positions that the loops below take at a time: one load of the query, or one store of the sum, serves four. */
const stride = 4;

function cacheInArrays(rows: number, capacity: number, shape: AttentionShape): LayerCache<tf.Tensor> {
  const { heads, kvHeads, headDim } = shape;
  const width = (heads + 2 * kvHeads) * headDim;
  const room = roundUp(capacity);
  let keys = new Float32Array(rows * kvHeads * room * headDim);
  let values = new Float32Array(rows * kvHeads * room * headDim);

  /** Copies one token's keys and values from its line in `memory` into the slabs. */
  const put = (memory: Float32Array, line: number, row: number, position: number): void => {
    for (let head = 0; head < kvHeads; head++) {
      const to = ((row * kvHeads + head) * room + position) * headDim;
      const key = line + (heads + head) * headDim;
      const value = key + kvHeads * headDim;
      for (let i = 0; i < headDim; i++) {
        keys[to + i] = memory[key + i];
        values[to + i] = memory[value + i];
      }
    }
  };

  /** Where the slab of a query head of `row` begins. */
  const slabOf = (row: number, head: number): number =>
    (row * kvHeads + Math.floor((head * kvHeads) / heads)) * room * headDim;

  const scoresOf = (direct: Heap, x: tf.Tensor, targets: readonly number[], positions: Int32Array): tf.Tensor => {
    const seen = roundUp(Math.max(...positions) + 1);
    const scores = direct.make([targets.length * heads, seen]);
    const memory = direct.memory();
    const from = direct.offset(x);
    const to = direct.offset(scores);
    targets.forEach((row, i) => {
      for (let head = 0; head < heads; head++) {
        const line = to + (i * heads + head) * seen;
        const own = positions[i] + 1;
        dots(memory, from + i * width + head * headDim, keys, slabOf(row, head), line, own, headDim);
        memory.fill(masked, line + own, line + seen);
      }
    });
    return scores;
  };

  return {
    fill: (x, targets, length) => {
      const direct = activeHeap();
      const from = direct.offset(x);
      targets.forEach((row, i) => {
        for (let t = 0; t < length; t++) put(direct.memory(), from + (i * length + t) * width, row, t);
      });
    },
    write: (x, targets, positions) => {
      const direct = activeHeap();
      targets.forEach((row, i) => {
        put(direct.memory(), direct.offset(x) + i * width, row, positions[i]);
      });
    },
    attend: (x, targets, positions) =>
      tf.tidy(() => {
        const direct = activeHeap();
        const weights = tf.softmax(scoresOf(direct, x, targets, positions));
        const seen = weights.shape[1] ?? 0;
        const y = direct.make([targets.length, heads * headDim]);
        const memory = direct.memory();
        const from = direct.offset(weights);
        const to = direct.offset(y);
        targets.forEach((row, i) => {
          for (let head = 0; head < heads; head++) {
            const line = i * heads + head;
            mix(memory, from + line * seen, values, slabOf(row, head), to + line * headDim, positions[i] + 1, headDim);
          }
        });
        return y;
      }),
    dispose: () => {
      keys = new Float32Array(0);
      values = keys;
    },
  };
}

function roundUp(count: number): number {
  return Math.ceil(count / stride) * stride;
}

function activeHeap(): Heap {
  const direct = heap();
  if (!direct) throw new Error("The backend was changed while a decoder of the wasm backend was in use.");
  return direct;
}

/** scores[t] = q k[t] / sqrt(headDim) for t < seen, and arbitrary numbers up to the next multiple of the stride. */
function dots(
  memory: Float32Array,
  q: number,
  keys: Float32Array,
  slab: number,
  scores: number,
  seen: number,
  headDim: number,
): void {
  const scale = 1 / Math.sqrt(headDim);
  for (let t = 0; t < seen; t += stride) {
    const k0 = slab + t * headDim;
    const k1 = k0 + headDim;
    const k2 = k1 + headDim;
    const k3 = k2 + headDim;
    let [d0, d1, d2, d3] = [0, 0, 0, 0];
    for (let i = 0; i < headDim; i++) {
      const query = memory[q + i];
      d0 += query * keys[k0 + i];
      d1 += query * keys[k1 + i];
      d2 += query * keys[k2 + i];
      d3 += query * keys[k3 + i];
    }
    memory[scores + t] = d0 * scale;
    memory[scores + t + 1] = d1 * scale;
    memory[scores + t + 2] = d2 * scale;
    memory[scores + t + 3] = d3 * scale;
  }
}

/** out = the sum over t < seen of weights[t] v[t]; weights past `seen` are zero up to the next multiple of the stride. */
function mix(
  memory: Float32Array,
  weights: number,
  values: Float32Array,
  slab: number,
  out: number,
  seen: number,
  headDim: number,
): void {
  memory.fill(0, out, out + headDim);
  for (let t = 0; t < seen; t += stride) {
    const w0 = memory[weights + t];
    const w1 = memory[weights + t + 1];
    const w2 = memory[weights + t + 2];
    const w3 = memory[weights + t + 3];
    const v0 = slab + t * headDim;
    const v1 = v0 + headDim;
    const v2 = v1 + headDim;
    const v3 = v2 + headDim;
    for (let i = 0; i < headDim; i++) {
      memory[out + i] += w0 * values[v0 + i] + w1 * values[v1 + i] + w2 * values[v2 + i] + w3 * values[v3 + i];
    }
  }
}
