/**
 * The key-value cache over plain arrays, for the wasm backend: slabs [rows, kvHeads, capacity, headDim] that are
 * written in place. The mathematics is in ops/decode-attention.
 */
import * as tf from "@tensorflow/tfjs";
import type { AttentionShape } from "../../ops";
import { unseen } from "../../ops/attention";
import { type CacheSlabs, refuse } from "../../ops/decode-attention";
import { heap } from "./heap";

/** Positions that the loops below take at a time: one load of the query, or one store of the sum, serves four. */
const stride = 4;

function roundUp(count: number): number {
  return Math.ceil(count / stride) * stride;
}

export function makeCacheSlabs(rows: number, capacity: number, shape: AttentionShape): CacheSlabs {
  const slabs = new Slabs(rows, capacity, shape);
  return {
    prompts: (source, slots) => ({
      fill: (x) => slabs.fill(x, source, slots),
      attend: () => refuse("attend"),
    }),
    rows: (list) => ({
      fill: () => refuse("fill"),
      attend: (x, positions) => slabs.attend(x, list, positions),
    }),
    dispose: () => slabs.dispose(),
  };
}

class Slabs {
  private readonly shape: AttentionShape;
  private readonly capacity: number;
  private keys: Float32Array;
  private values: Float32Array;
  /** Positions for which a slab has room. */
  private readonly room: number;
  /** Numbers in a line of x. */
  private readonly width: number;

  constructor(rows: number, capacity: number, shape: AttentionShape) {
    this.shape = shape;
    this.capacity = capacity;
    const { heads, kvHeads, headDim } = shape;
    this.room = roundUp(capacity);
    this.width = (heads + 2 * kvHeads) * headDim;
    this.keys = new Float32Array(rows * kvHeads * this.room * headDim);
    this.values = new Float32Array(rows * kvHeads * this.room * headDim);
  }

  fill(x: tf.Tensor, source: tf.Tensor, slots: tf.Tensor): void {
    const direct = heap();
    const [memory, integers] = [direct.memory(), direct.integers()];
    const [from, sources, targets] = [direct.offset(x), direct.offset(source), direct.offset(slots)];
    for (let i = 0; i < source.size; i++) {
      const slot = integers[targets + i];
      const row = Math.floor(slot / this.capacity);
      this.put(memory, from + integers[sources + i] * this.width, row, slot - row * this.capacity);
    }
  }

  attend(x: tf.Tensor, list: tf.Tensor, positions: tf.Tensor): tf.Tensor {
    const { heads, headDim } = this.shape;
    const direct = heap();
    const [rowAt, positionAt] = [direct.offset(list), direct.offset(positions)];
    // Copies: an allocation below may move the memory.
    const rows = direct.integers().slice(rowAt, rowAt + list.size);
    const last = direct.integers().slice(positionAt, positionAt + list.size);
    this.write(x, rows, last);
    return tf.tidy(() => {
      const weights = tf.softmax(this.scores(x, rows, last));
      const [, seen] = weights.shape;
      const y = direct.make([rows.length, heads * headDim]);
      const memory = direct.memory();
      const from = direct.offset(weights);
      const to = direct.offset(y);
      rows.forEach((row, i) => {
        for (let head = 0; head < heads; head++) {
          const line = i * heads + head;
          const slab = this.slabOf(row, head);
          mix(memory, from + line * seen, this.values, slab, to + line * headDim, last[i] + 1, headDim);
        }
      });
      return y;
    });
  }

  dispose(): void {
    this.keys = new Float32Array(0);
    this.values = this.keys;
  }

  private write(x: tf.Tensor, rows: Int32Array, positions: Int32Array): void {
    const direct = heap();
    const from = direct.offset(x);
    rows.forEach((row, i) => this.put(direct.memory(), from + i * this.width, row, positions[i]));
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
  private scores(x: tf.Tensor, rows: Int32Array, positions: Int32Array): tf.Tensor {
    const direct = heap();
    const { heads, headDim } = this.shape;
    const seen = roundUp(Math.max(...positions) + 1);
    const scores = direct.make([rows.length * heads, seen]);
    const memory = direct.memory();
    const from = direct.offset(x);
    const to = direct.offset(scores);
    rows.forEach((row, i) => {
      for (let head = 0; head < heads; head++) {
        const line = to + (i * heads + head) * seen;
        const own = positions[i] + 1;
        dots(memory, from + i * this.width + head * headDim, this.keys, this.slabOf(row, head), line, own, headDim);
        memory.fill(unseen, line + own, line + seen);
      }
    });
    return scores;
  }
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
