/**
 * The key-value cache of one layer, and attention of one new token per row over it.
 *
 * Keys and values lie in fixed slabs: a cache that grows by concatenation would leave a buffer of every size behind.
 * x [n, (heads + 2 kvHeads) headDim] holds the turned queries, keys and values of n rows.
 * attend: K[row, position] = k, V[row, position] = v, then
 *   y[i] = softmax(q K[row, 0..position]^T / sqrt(headDim)) V[row, 0..position], y [n, heads headDim].
 */
import * as tf from "@tensorflow/tfjs";
import type { AttentionShape, LayerCache } from "../ops";
import { gridFor, gridOf, type Kernel, makeKernel, perThing, repeat } from "../plan/kernel";
import type { Recorder } from "../plan/recorder";
import { type PlanTensor, type Region, sizeIndex } from "../plan/tensor";
import { dotOf, type HeadLayout, headLayout, loadHead, unseen } from "./attention";
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

// On a plan: slabs [rows, kvHeads, capacity, headDim] that are written in place. Decoding turns queries and keys,
// writes the cache and attends in one step.

/** One layer's slabs. */
export interface CacheRegions {
  keys: Region;
  values: Region;
  capacity: number;
}

/** Numbers in a slab for that many rows. */
export function slabLength(rows: number, capacity: number, { kvHeads, headDim }: AttentionShape): number {
  return rows * kvHeads * capacity * headDim;
}

const fillKernel = perThing({
  name: "fill the cache",
  reads: { x: "f32", source: "u32", slots: "u32" },
  writes: { keys: "f32", values: "f32" },
  constants: { rows: "u32", heads: "u32", kvHeads: "u32", headDim: "u32", capacity: "u32" },
  count: "size(constants.rows) * constants.kvHeads * constants.headDim",
  body: `  let width = constants.kvHeads * constants.headDim;
  let slot = slots[i / width];
  if (slot == 0xffffffffu) { return; }
  let head = i % width / constants.headDim;
  let place = i % constants.headDim;
  let row = slot / constants.capacity;
  let position = slot % constants.capacity;
  let start = source[i / width] * (constants.heads + 2u * constants.kvHeads) * constants.headDim;
  let key = start + constants.heads * constants.headDim + i % width;
  let to = ((row * constants.kvHeads + head) * constants.capacity + position) * constants.headDim + place;
  keys[to] = x[key];
  values[to] = x[key + width];`,
});

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
      const { keys, values, capacity } = regions;
      const constants = { rows: sizeIndex(slots), heads, kvHeads, headDim, capacity };
      plan.dispatch(fillKernel, { x, source, slots, keys, values }, constants, (sizes) =>
        gridFor(sizes.copies * kvHeads * headDim),
      );
    },
    attend: () => refuse("attend"),
  };
}

const attendConstants = { rows: "u32", heads: "u32", kvHeads: "u32", capacity: "u32" } as const;

/** Turns the head in registers `name0...` by the row's angle: registers `turned0...`. */
function turnHead(head: HeadLayout, name: string, turned: string, factor: string): string {
  const half = head.count / 2;
  return repeat(
    half,
    (j) => `let ${turned}${j} = (${name}${j} * cosine${j} - ${name}${half + j} * sine${j})${factor};
  let ${turned}${half + j} = (${name}${half + j} * cosine${j} + ${name}${j} * sine${j})${factor};`,
  );
}

/** One thread has one row and query head. Its own key and value come from registers, not from the cache. */
function attendAlone(headDim: number): Kernel {
  const head = headLayout(headDim);
  const half = head.count / 2;
  return perThing({
    name: `decode attention of ${headDim}`,
    reads: { x: head.type, positions: "u32", table: head.type },
    writes: { keys: head.type, values: head.type, y: head.type },
    constants: attendConstants,
    count: "size(constants.rows) * constants.heads",
    helpers: `const HEAD = ${head.count}u;`,
    body: `  let query = i % constants.heads;
  let row = i / constants.heads;
  let members = constants.heads / constants.kvHeads;
  let kv = query / members;
  let position = positions[row];
  let start = row * (constants.heads + 2u * constants.kvHeads) * HEAD;
  let key_start = start + (constants.heads + kv) * HEAD;
  let slab = (row * constants.kvHeads + kv) * constants.capacity * HEAD;
  let angle = position * HEAD;
  ${repeat(half, (j) => `let cosine${j} = table[angle + ${j}u]; let sine${j} = table[angle + ${half + j}u];`)}
  ${loadHead(head, "a", "x", "start + query * HEAD")}
  ${turnHead(head, "a", "q", ` * ${1 / Math.sqrt(headDim)}`)}
  ${loadHead(head, "b", "x", "key_start")}
  ${turnHead(head, "b", "k", "")}
  ${loadHead(head, "v", "x", "key_start + constants.kvHeads * HEAD")}
  if (query % members == 0u) {
    let to = slab + position * HEAD;
    ${repeat(head.count, (j) => `keys[to + ${j}u] = k${j}; values[to + ${j}u] = v${j};`)}
  }
  var most = ${dotOf(
    head,
    (j) => `q${j}`,
    (j) => `k${j}`,
  )};
  var sum = 1.0;
  ${repeat(head.count, (j) => `var o${j} = v${j};`)}
  for (var t = 0u; t < position; t++) {
    let at = slab + t * HEAD;
    ${loadHead(head, "c", "keys", "at")}
    let s = ${dotOf(
      head,
      (j) => `q${j}`,
      (j) => `c${j}`,
    )};
    let higher = max(most, s);
    let p = exp(s - higher);
    let shrink = exp(most - higher);
    sum = sum * shrink + p;
    most = higher;
    ${repeat(head.count, (j) => `o${j} = o${j} * shrink + p * values[at + ${j}u];`)}
  }
  let out = (row * constants.heads + query) * HEAD;
  ${repeat(head.count, (j) => `y[out + ${j}u] = o${j} / sum;`)}`,
  });
}

/** One lane's share of the scores' sum and of the output, over so many keys at a time. */
const runOverKeys = (held: number): string => `  for (var base = 0u; base <= position; base += LANES) {
    let t = base + local.x;
    var s = -3e38;
    if (t <= position) {
      s = 0.0;
      for (var place = 0u; place < HEAD; place++) {
        var k = own_key[place];
        if (t < position) { k = keys[slab + t * HEAD + place]; }
        s = fma(own_query[place], k, s);
      }
    }
    scores[local.x] = s;
    workgroupBarrier();
    var higher = most;
    for (var other = 0u; other < LANES; other++) { higher = max(higher, scores[other]); }
    workgroupBarrier();
    scores[local.x] = select(0.0, exp(s - higher), t <= position);
    workgroupBarrier();
    let shrink = exp(most - higher);
    most = higher;
    sum = sum * shrink;
    for (var other = 0u; other < LANES; other++) { sum += scores[other]; }
    for (var slot = 0u; slot < ${held}u; slot++) {
      let place = local.x + slot * LANES;
      if (place >= HEAD) { continue; }
      var o = held[slot] * shrink;
      for (var other = 0u; other < LANES && base + other <= position; other++) {
        var v = own_value[place];
        if (base + other < position) { v = values[slab + (base + other) * HEAD + place]; }
        o = fma(scores[other], v, o);
      }
      held[slot] = o;
    }
    workgroupBarrier();
  }`;

const sharedHead = (headDim: number, lanes: number): string => `const HEAD = ${headDim}u;
const LANES = ${lanes}u;
var<workgroup> own_query: array<f32, ${headDim}>;
var<workgroup> own_key: array<f32, ${headDim}>;
var<workgroup> own_value: array<f32, ${headDim}>;
var<workgroup> scores: array<f32, ${lanes}>;
var<workgroup> shared_position: u32;
fn turned(start: u32, place: u32, angle: u32) -> f32 {
  let half = HEAD / 2u;
  let pair = place % half;
  let cosine = table[angle + pair];
  let sine = table[angle + half + pair];
  let a = x[start + pair];
  let b = x[start + pair + half];
  return select(b * cosine + a * sine, a * cosine - b * sine, place < half);
}`;

/**
 * A workgroup has one row and query head: its lanes take a key each, and then a component of the output each, so many
 * keys at a time.
 */
function attendTogether(headDim: number, lanes: number): Kernel {
  const held = Math.ceil(headDim / lanes);
  return makeKernel({
    name: `decode attention of ${headDim} by ${lanes} lanes`,
    reads: { x: "f32", positions: "u32", table: "f32" },
    writes: { keys: "f32", values: "f32", y: "f32" },
    constants: attendConstants,
    workgroup: [lanes, 1, 1],
    helpers: sharedHead(headDim, lanes),
    body: `  let which = group.x + group.y * groups.x;
  if (which >= size(constants.rows) * constants.heads) { return; }
  let query = which % constants.heads;
  let row = which / constants.heads;
  let members = constants.heads / constants.kvHeads;
  let kv = query / members;
  if (local.x == 0u) { shared_position = positions[row]; }
  let position = workgroupUniformLoad(&shared_position);
  let start = row * (constants.heads + 2u * constants.kvHeads) * HEAD;
  let key_start = start + (constants.heads + kv) * HEAD;
  let slab = (row * constants.kvHeads + kv) * constants.capacity * HEAD;
  for (var place = local.x; place < HEAD; place += LANES) {
    let k = turned(key_start, place, position * HEAD);
    let v = x[key_start + constants.kvHeads * HEAD + place];
    own_query[place] = turned(start + query * HEAD, place, position * HEAD) * ${1 / Math.sqrt(headDim)};
    own_key[place] = k;
    own_value[place] = v;
    if (query % members == 0u) {
      keys[slab + position * HEAD + place] = k;
      values[slab + position * HEAD + place] = v;
    }
  }
  workgroupBarrier();
  var most = -3e38;
  var sum = 0.0;
  var held: array<f32, ${held}>;
${runOverKeys(held)}
  for (var slot = 0u; slot < ${held}u; slot++) {
    let place = local.x + slot * LANES;
    if (place < HEAD) { y[(row * constants.heads + query) * HEAD + place] = held[slot] / sum; }
  }`,
  });
}

/** For decoding one token for each row. */
export function recordRowCache(plan: Recorder, regions: CacheRegions, shape: AttentionShape): LayerCache<PlanTensor> {
  const { heads, kvHeads, headDim } = shape;
  const { lanes } = plan.tuning;
  return {
    fill: () => refuse("fill"),
    attend: (input) => {
      const { pending, ...x } = input;
      if (pending?.kind !== "rope") throw new Error("A decoding step turns its own queries and keys.");
      const y = plan.make("attended", x.rows, heads * headDim);
      const { positions, table } = pending;
      const bindings = { x, positions, table, keys: regions.keys, values: regions.values, y };
      const constants = { rows: sizeIndex(x), heads, kvHeads, capacity: regions.capacity };
      const kernel = lanes === 1 ? attendAlone(headDim) : attendTogether(headDim, lanes);
      plan.dispatch(kernel, bindings, constants, (sizes) => {
        const count = plan.countOf(x, sizes) * heads;
        return lanes === 1 ? gridFor(count) : gridOf(count);
      });
      return y;
    },
  };
}
