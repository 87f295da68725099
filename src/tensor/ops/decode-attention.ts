/**
 * The key-value cache of one layer, and attention of one new token per row over it.
 *
 * Keys and values lie in fixed slabs: a cache that grows by concatenation would leave a buffer of every size behind.
 * x [n, (heads + 2 kvHeads) headDim] holds the turned queries, keys and values of n rows.
 * attend: K[row, position] = k, V[row, position] = v, then
 *   y[i] = softmax(q K[row, 0..position]^T / sqrt(headDim)) V[row, 0..position], y [n, heads headDim].
 */
import * as tf from "@tensorflow/tfjs";
import { type CacheStorage, storedBytes } from "../engine";
import type { AttentionShape, LayerCache } from "../ops";
import { gridFor, gridOf } from "../plan/kernel";
import type { Recorder } from "../plan/recorder";
import { type PlanTensor, type Region, sizeIndex } from "../plan/tensor";
import { unseen } from "./attention";
import { attendAlone, attendTogether, fillKernel } from "./decode-attention-kernels";
import { oneHot } from "./embed";
import { recordTurn } from "./rope";

/** One layer's slabs for `rows` rows of `capacity` tokens, as the eager interpreter holds them. */
export interface CacheSlabs {
  /** For writing prompts: token `source[i]` of what is computed goes to `slots[i]` = row * capacity + position. */
  prompts(source: tf.Tensor, slots: tf.Tensor): LayerCache<tf.Tensor>;
  /** For decoding one token for each of the listed rows. */
  rows(rows: tf.Tensor): LayerCache<tf.Tensor>;
  dispose(): void;
}

/** The composition: slabs [rows capacity, kvHeads headDim] that are made anew at each write. */
export function makeCacheSlabs(rows: number, capacity: number, shape: AttentionShape): CacheSlabs {
  const { heads, kvHeads, headDim } = shape;
  const width = kvHeads * headDim;
  let keys = tf.keep(tf.zeros([rows * capacity, width]));
  let values = tf.keep(tf.zeros([rows * capacity, width]));

  /** Replaces the rows of both slabs that `slots` [m] names by those of x [m, ...]. */
  const write = (x: tf.Tensor, slots: tf.Tensor): void => {
    const [m] = x.shape;
    const next = tf.tidy(() => {
      const at = oneHot(slots, rows * capacity);
      const kept = tf.sub(1, tf.reshape(tf.sum(at, 0), [rows * capacity, 1]));
      const part = (slab: tf.Tensor, from: number): tf.Tensor => {
        const written = tf.slice(x, [0, from * headDim], [m, width]);
        return tf.add(tf.mul(slab, kept), tf.matMul(at, written, true, false));
      };
      return [part(keys, heads), part(values, heads + kvHeads)];
    });
    tf.dispose([keys, values]);
    [keys, values] = next.map((slab) => tf.keep(slab));
  };

  const attend = (x: tf.Tensor, list: tf.Tensor, positions: tf.Tensor): tf.Tensor =>
    tf.tidy(() => {
      const [n] = x.shape;
      const of = (slab: tf.Tensor): tf.Tensor => {
        const mine = tf.gather(tf.reshape(slab, [rows, capacity, kvHeads, headDim]), list);
        return tf.transpose(mine, [0, 2, 1, 3]);
      };
      const queries = tf.mul(tf.slice(x, [0, 0], [n, heads * headDim]), 1 / Math.sqrt(headDim));
      const q = tf.reshape(queries, [n, kvHeads, heads / kvHeads, headDim]);
      const place = tf.reshape(tf.range(0, capacity), [1, 1, 1, capacity]);
      const last = tf.reshape(tf.cast(positions, "float32"), [n, 1, 1, 1]);
      const hidden = tf.mul(tf.cast(tf.greater(place, last), "float32"), unseen);
      const p = tf.softmax(tf.add(tf.matMul(q, of(keys), false, true), hidden));
      return tf.reshape(tf.matMul(p, of(values)), [n, heads * headDim]);
    });

  const slotsOf = (list: tf.Tensor, positions: tf.Tensor): tf.Tensor =>
    tf.add(tf.mul(tf.cast(list, "float32"), capacity), tf.cast(positions, "float32"));

  return {
    prompts: (source, slots) => ({
      fill: (x) =>
        write(
          tf.tidy(() => tf.gather(x, source)),
          slots,
        ),
      attend: () => refuse("attend"),
    }),
    rows: (list) => ({
      fill: () => refuse("fill"),
      attend: (x, positions) => {
        write(
          x,
          tf.tidy(() => slotsOf(list, positions)),
        );
        return attend(x, list, positions);
      },
    }),
    dispose: () => tf.dispose([keys, values]),
  };
}

/** A view of a cache for prompts cannot decode, and the other way round. */
export function refuse(what: string): never {
  throw new Error(`This view of the cache cannot ${what}.`);
}

// On a plan: slabs [rows, kvHeads, capacity, headDim] that are written in place.

/** One layer's slabs. */
export interface CacheRegions {
  keys: Region;
  values: Region;
  capacity: number;
  storage: CacheStorage;
}

/** Bytes of a slab for that many rows. */
export function slabBytes(
  rows: number,
  capacity: number,
  { kvHeads, headDim }: AttentionShape,
  storage: CacheStorage,
): number {
  return rows * kvHeads * capacity * headDim * storedBytes[storage];
}

/** For writing prompts: inputs `source` and `slots`, both [copies]. */
export function recordPromptCache(
  plan: Recorder,
  regions: CacheRegions,
  shape: AttentionShape,
): LayerCache<PlanTensor> {
  const { heads, kvHeads, headDim } = shape;
  const source = plan.input("source", { type: "int32", size: "copies", padding: "zero" });
  const slots = plan.input("slots", { type: "int32", size: "copies", padding: "none" });
  return {
    fill: (input) => {
      const x = recordTurn(plan, input, shape);
      const { keys, values, capacity, storage } = regions;
      const constants = { rows: sizeIndex(slots), heads, kvHeads, headDim, capacity };
      plan.dispatch(fillKernel(storage), { x, source, slots, keys, values }, constants, (sizes) =>
        gridFor(slabBytes(sizes.copies, 1, shape, storage) / 4),
      );
    },
    attend: () => refuse("attend"),
  };
}

/** For decoding one token for each row. */
export function recordRowCache(plan: Recorder, regions: CacheRegions, shape: AttentionShape): LayerCache<PlanTensor> {
  const { heads, kvHeads, headDim } = shape;
  const { lanes } = plan.tuning;
  const { keys, values, capacity, storage } = regions;
  return {
    fill: () => refuse("fill"),
    attend: (input) => {
      const { pending, ...x } = input;
      if (pending?.kind !== "rope") throw new Error("A decoding step turns its own queries and keys.");
      const y = plan.make("attended", x.rows, heads * headDim);
      const { positions, table } = pending;
      const bindings = { x, positions, table, keys, values, y };
      const constants = { rows: sizeIndex(x), heads, kvHeads, capacity };
      const kernel = lanes === 1 ? attendAlone(headDim, storage) : attendTogether(headDim, lanes, storage);
      plan.dispatch(kernel, bindings, constants, (sizes) => {
        const count = plan.countOf(x, sizes) * heads;
        return lanes === 1 ? gridFor(count) : gridOf(count);
      });
      return y;
    },
  };
}
