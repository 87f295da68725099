/**
 * The key-value cache of one layer, and attention of one new token per row over it.
 *
 * Keys and values lie in fixed slabs [rows, kvHeads, capacity, headDim]: a cache that grows by concatenation would
 * leave a buffer of every size behind. x [n, (heads + 2 kvHeads) headDim] holds the turned queries, keys and values of
 * n rows. write: K[row, :, position] = k, V[row, :, position] = v.
 * attend: y[i] = softmax(q K[row, :, 0..position]^T / sqrt(headDim)) V[row, :, 0..position], y [n, heads headDim].
 */
import * as tf from "@tensorflow/tfjs";
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
  return heap() ? new ArrayCache(rows, capacity, shape) : new TensorCache(rows, capacity, shape);
}

// The composition.

/** A score whose exponential is 0 in single precision. */
const masked = -1e9;

/** Slabs are cut to a multiple of this, so that the GPU's buffers come in few sizes. */
const bucket = 32;

class TensorCache implements LayerCache<tf.Tensor> {
  private readonly rows: number;
  private readonly capacity: number;
  private readonly shape: AttentionShape;
  private keys: tf.Tensor;
  private values: tf.Tensor;

  constructor(rows: number, capacity: number, shape: AttentionShape) {
    this.rows = rows;
    this.capacity = capacity;
    this.shape = shape;
    const slab = [rows, shape.kvHeads, capacity, shape.headDim];
    this.keys = tf.keep(tf.zeros(slab));
    this.values = tf.keep(tf.zeros(slab));
  }

  fill(x: tf.Tensor, targets: readonly number[], length: number): void {
    const { heads, kvHeads, headDim } = this.shape;
    const n = targets.length;
    const inverse = this.inverse(targets);
    this.replace((slab, first) => {
      const all = tf.reshape(x, [n, length, heads + 2 * kvHeads, headDim]);
      const part = tf.transpose(tf.slice(all, [0, 0, first, 0], [n, length, kvHeads, headDim]), [0, 2, 1, 3]);
      const room = [
        [0, 1],
        [0, 0],
        [0, this.capacity - length],
        [0, 0],
      ] satisfies [number, number][];
      const taken = tf.tensor4d(
        Uint8Array.from(inverse, (i) => (i < n ? 1 : 0)),
        [this.rows, 1, 1, 1],
        "bool",
      );
      return tf.where(taken, tf.gather(tf.pad(part, room), tf.tensor1d(inverse, "int32")), slab);
    });
  }

  write(x: tf.Tensor, targets: readonly number[], positions: Int32Array): void {
    const { heads, kvHeads, headDim } = this.shape;
    const n = targets.length;
    const inverse = this.inverse(targets);
    const at = new Uint8Array(this.rows * this.capacity);
    targets.forEach((row, i) => (at[row * this.capacity + positions[i]] = 1));
    this.replace((slab, first) => {
      const all = tf.reshape(x, [n, heads + 2 * kvHeads, headDim]);
      const part = tf.slice(all, [0, first, 0], [n, kvHeads, headDim]);
      const padded = tf.concat([part, tf.zeros([1, kvHeads, headDim])], 0);
      const byRow = tf.reshape(tf.gather(padded, tf.tensor1d(inverse, "int32")), [this.rows, kvHeads, 1, headDim]);
      return tf.where(tf.tensor4d(at, [this.rows, 1, this.capacity, 1], "bool"), byRow, slab);
    });
  }

  attend(x: tf.Tensor, targets: readonly number[], positions: Int32Array): tf.Tensor {
    const { heads, kvHeads, headDim } = this.shape;
    const n = targets.length;
    const seen = Math.min(this.capacity, Math.ceil((Math.max(...positions) + 1) / bucket) * bucket);
    const inOrder = n === this.rows && targets.every((row, i) => row === i);
    return tf.tidy(() => {
      const cut = (slab: tf.Tensor): tf.Tensor => {
        const shorter = tf.slice(slab, [0, 0, 0, 0], [this.rows, kvHeads, seen, headDim]);
        return inOrder ? shorter : tf.gather(shorter, tf.tensor1d([...targets], "int32"));
      };
      const queries = tf.mul(tf.slice(x, [0, 0], [n, heads * headDim]), 1 / Math.sqrt(headDim));
      const q = tf.reshape(queries, [n, kvHeads, heads / kvHeads, headDim]);
      const mask = new Float32Array(n * seen);
      for (let i = 0; i < n; i++) mask.fill(masked, i * seen + positions[i] + 1, (i + 1) * seen);
      const scores = tf.add(tf.matMul(q, cut(this.keys), false, true), tf.tensor4d(mask, [n, 1, 1, seen]));
      return tf.reshape(tf.matMul(tf.softmax(scores), cut(this.values)), [n, heads * headDim]);
    });
  }

  dispose(): void {
    tf.dispose([this.keys, this.values]);
  }

  /** For each row of the cache its place in `targets`, or one past the end. */
  private inverse(targets: readonly number[]): Int32Array {
    const inverse = new Int32Array(this.rows).fill(targets.length);
    targets.forEach((row, i) => (inverse[row] = i));
    return inverse;
  }

  /** Makes both slabs anew; `first` is where the keys', or the values', heads begin. */
  private replace(make: (slab: tf.Tensor, first: number) => tf.Tensor): void {
    const { heads, kvHeads } = this.shape;
    const [keys, values] = tf.tidy(() => [make(this.keys, heads), make(this.values, heads + kvHeads)]);
    this.dispose();
    this.keys = tf.keep(keys);
    this.values = tf.keep(values);
  }
}

// The same over plain arrays, for the wasm backend.

/** Positions that the loops below take at a time: one load of the query, or one store of the sum, serves four. */
const stride = 4;

class ArrayCache implements LayerCache<tf.Tensor> {
  private readonly shape: AttentionShape;
  private keys: Float32Array;
  private values: Float32Array;
  /** Positions for which a slab has room. */
  private readonly room: number;
  /** Numbers in a line of x. */
  private readonly width: number;

  constructor(rows: number, capacity: number, shape: AttentionShape) {
    this.shape = shape;
    const { heads, kvHeads, headDim } = shape;
    this.room = roundUp(capacity);
    this.width = (heads + 2 * kvHeads) * headDim;
    this.keys = new Float32Array(rows * kvHeads * this.room * headDim);
    this.values = new Float32Array(rows * kvHeads * this.room * headDim);
  }

  fill(x: tf.Tensor, targets: readonly number[], length: number): void {
    const direct = activeHeap();
    const from = direct.offset(x);
    targets.forEach((row, i) => {
      for (let t = 0; t < length; t++) this.put(direct.memory(), from + (i * length + t) * this.width, row, t);
    });
  }

  write(x: tf.Tensor, targets: readonly number[], positions: Int32Array): void {
    const direct = activeHeap();
    const from = direct.offset(x);
    targets.forEach((row, i) => {
      this.put(direct.memory(), from + i * this.width, row, positions[i]);
    });
  }

  attend(x: tf.Tensor, targets: readonly number[], positions: Int32Array): tf.Tensor {
    const { heads, headDim } = this.shape;
    return tf.tidy(() => {
      const direct = activeHeap();
      const weights = tf.softmax(this.scores(direct, x, targets, positions));
      const [, seen] = weights.shape;
      const y = direct.make([targets.length, heads * headDim]);
      const memory = direct.memory();
      const from = direct.offset(weights);
      const to = direct.offset(y);
      targets.forEach((row, i) => {
        for (let head = 0; head < heads; head++) {
          const line = i * heads + head;
          const slab = this.slabOf(row, head);
          mix(memory, from + line * seen, this.values, slab, to + line * headDim, positions[i] + 1, headDim);
        }
      });
      return y;
    });
  }

  dispose(): void {
    this.keys = new Float32Array(0);
    this.values = this.keys;
  }

  /** Copies one token's keys and values from its line in `memory` into the slabs. */
  private put(memory: Float32Array, line: number, row: number, position: number): void {
    const { heads, kvHeads, headDim } = this.shape;
    for (let head = 0; head < kvHeads; head++) {
      const to = ((row * kvHeads + head) * this.room + position) * headDim;
      const key = line + (heads + head) * headDim;
      const value = key + kvHeads * headDim;
      for (let i = 0; i < headDim; i++) {
        this.keys[to + i] = memory[key + i];
        this.values[to + i] = memory[value + i];
      }
    }
  }

  /** Where the slab that a query head of `row` attends to begins. */
  private slabOf(row: number, head: number): number {
    const { heads, kvHeads, headDim } = this.shape;
    return (row * kvHeads + Math.floor((head * kvHeads) / heads)) * this.room * headDim;
  }

  /** [n heads, seen], masked past each row's own position. */
  private scores(direct: Heap, x: tf.Tensor, targets: readonly number[], positions: Int32Array): tf.Tensor {
    const { heads, headDim } = this.shape;
    const seen = roundUp(Math.max(...positions) + 1);
    const scores = direct.make([targets.length * heads, seen]);
    const memory = direct.memory();
    const from = direct.offset(x);
    const to = direct.offset(scores);
    targets.forEach((row, i) => {
      for (let head = 0; head < heads; head++) {
        const line = to + (i * heads + head) * seen;
        const own = positions[i] + 1;
        dots(memory, from + i * this.width + head * headDim, this.keys, this.slabOf(row, head), line, own, headDim);
        memory.fill(masked, line + own, line + seen);
      }
    });
    return scores;
  }
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
