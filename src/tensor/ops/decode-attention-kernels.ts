/**
 * Kernels of a layer's cache and of attention over it (./decode-attention has the formula): slabs [rows, kvHeads,
 * capacity, headDim] that are written in place. Decoding turns queries and keys, writes the cache and attends in one
 * step. Stored in half precision, two numbers share a word; whatever is computed is computed in single precision.
 */
import type { CacheStorage } from "../engine";
import { type ElementType, type Kernel, makeKernel, perThing, repeat } from "../plan/kernel";
import { dotOf, type HeadLayout, headLayout, loadHead } from "./heads";

/** Half precision ends at 65504; what is larger would come back as infinity, and infinities as no number at all. */
const halves = `fn halves(a: f32, b: f32) -> u32 {
  return pack2x16float(clamp(vec2f(a, b), vec2f(-65504.0), vec2f(65504.0)));
}`;

/** Words of a slab, and what they hold. */
interface Words {
  /** Numbers in a word. */
  each: number;
  type: ElementType;
  helpers: string;
  /** WGSL for the word of two neighbours, or of the first alone. */
  word: (first: string, second: string) => string;
  /** WGSL for the number at `at` of a slab. */
  number: (of: string, at: string) => string;
}

const wordsOf: Record<CacheStorage, Words> = {
  f32: { each: 1, type: "f32", helpers: "", word: (first) => first, number: (of, at) => `${of}[${at}]` },
  f16: {
    each: 2,
    type: "u32",
    helpers: `${halves}
fn number_in(word: u32, at: u32) -> f32 {
  let pair = unpack2x16float(word);
  return select(pair.x, pair.y, at % 2u == 1u);
}`,
    word: (first, second) => `halves(${first}, ${second})`,
    number: (of, at) => `number_in(${of}[(${at}) / 2u], ${at})`,
  },
};

/** Writes keys and values of whole prompts. One thread has one word of each. */
export function fillKernel(storage: CacheStorage): Kernel {
  const { each, type, helpers, word } = wordsOf[storage];
  return perThing({
    name: `fill the cache of ${storage}`,
    reads: { x: "f32", source: "u32", slots: "u32" },
    writes: { keys: type, values: type },
    constants: { rows: "u32", heads: "u32", kvHeads: "u32", headDim: "u32", capacity: "u32" },
    count: `size(constants.rows) * constants.kvHeads * constants.headDim / ${each}u`,
    helpers,
    body: `  let width = constants.kvHeads * constants.headDim;
  let words = width / ${each}u;
  let slot = slots[i / words];
  if (slot == 0xffffffffu) { return; }
  let first = i % words * ${each}u;
  let head = first / constants.headDim;
  let row = slot / constants.capacity;
  let position = slot % constants.capacity;
  let start = source[i / words] * (constants.heads + 2u * constants.kvHeads) * constants.headDim;
  let key = start + constants.heads * constants.headDim + first;
  let value = key + width;
  let slab = (row * constants.kvHeads + head) * constants.capacity * constants.headDim;
  let to = (slab + position * constants.headDim + first % constants.headDim) / ${each}u;
  keys[to] = ${word("x[key]", "x[key + 1u]")};
  values[to] = ${word("x[value]", "x[value + 1u]")};`,
  });
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

/** How a head stands in a slab: its elements, and WGSL that writes it from registers and reads it into registers. */
interface StoredHead {
  type: ElementType;
  count: number;
  helpers: string;
  write: (of: string, at: string, name: string) => string;
  read: (name: string, of: string, at: string) => string;
}

function storedHead(head: HeadLayout, storage: CacheStorage): StoredHead {
  const { type, count } = head;
  const write =
    (word: (j: number, name: string) => string, words: number): StoredHead["write"] =>
    (of, at, name) =>
      repeat(words, (j) => `${of}[${at} + ${j}u] = ${word(j, name)};`);
  if (storage === "f32") {
    const read: StoredHead["read"] = (name, of, at) => loadHead(head, name, of, at);
    return { type, count, helpers: "", write: write((j, name) => `${name}${j}`, count), read };
  }
  if (type === "vec4f") {
    return {
      type: "vec2u",
      count,
      helpers: `${halves}
fn narrow(e: vec4f) -> vec2u { return vec2u(halves(e.x, e.y), halves(e.z, e.w)); }
fn wide(e: vec2u) -> vec4f { return vec4f(unpack2x16float(e.x), unpack2x16float(e.y)); }`,
      write: write((j, name) => `narrow(${name}${j})`, count),
      read: (name, of, at) => repeat(count, (j) => `let ${name}${j} = wide(${of}[${at} + ${j}u]);`),
    };
  }
  return {
    type: "u32",
    count: count / 2,
    helpers: halves,
    write: write((j, name) => `halves(${name}${2 * j}, ${name}${2 * j + 1})`, count / 2),
    read: (name, of, at) =>
      repeat(
        count / 2,
        (j) => `let ${name}_${j} = unpack2x16float(${of}[${at} + ${j}u]);
    let ${name}${2 * j} = ${name}_${j}.x; let ${name}${2 * j + 1} = ${name}_${j}.y;`,
      ),
  };
}

/** One thread has one row and query head. Its own key and value come from registers, not from the cache. */
export function attendAlone(headDim: number, storage: CacheStorage): Kernel {
  const head = headLayout(headDim);
  const stored = storedHead(head, storage);
  const half = head.count / 2;
  return perThing({
    name: `decode attention of ${headDim} over ${storage}`,
    reads: { x: head.type, positions: "u32", table: head.type },
    writes: { keys: stored.type, values: stored.type, y: head.type },
    constants: attendConstants,
    count: "size(constants.rows) * constants.heads",
    helpers: `const HEAD = ${head.count}u;\nconst STORED = ${stored.count}u;\n${stored.helpers}`,
    body: `  let query = i % constants.heads;
  let row = i / constants.heads;
  let members = constants.heads / constants.kvHeads;
  let kv = query / members;
  let position = positions[row];
  let start = row * (constants.heads + 2u * constants.kvHeads) * HEAD;
  let key_start = start + (constants.heads + kv) * HEAD;
  let slab = (row * constants.kvHeads + kv) * constants.capacity * STORED;
  let angle = position * HEAD;
  ${repeat(half, (j) => `let cosine${j} = table[angle + ${j}u]; let sine${j} = table[angle + ${half + j}u];`)}
  ${loadHead(head, "a", "x", "start + query * HEAD")}
  ${turnHead(head, "a", "q", ` * ${1 / Math.sqrt(headDim)}`)}
  ${loadHead(head, "b", "x", "key_start")}
  ${turnHead(head, "b", "k", "")}
  ${loadHead(head, "v", "x", "key_start + constants.kvHeads * HEAD")}
  if (query % members == 0u) {
    let to = slab + position * STORED;
    ${stored.write("keys", "to", "k")}
    ${stored.write("values", "to", "v")}
  }
  var most = ${dotOf(head, "q", "k")};
  var sum = 1.0;
  ${repeat(head.count, (j) => `var o${j} = v${j};`)}
  for (var t = 0u; t < position; t++) {
    let at = slab + t * STORED;
    ${stored.read("c", "keys", "at")}
    ${stored.read("w", "values", "at")}
    let s = ${dotOf(head, "q", "c")};
    let higher = max(most, s);
    let p = exp(s - higher);
    let shrink = exp(most - higher);
    sum = sum * shrink + p;
    most = higher;
    ${repeat(head.count, (j) => `o${j} = o${j} * shrink + p * w${j};`)}
  }
  let out = (row * constants.heads + query) * HEAD;
  ${repeat(head.count, (j) => `y[out + ${j}u] = o${j} / sum;`)}`,
  });
}

/** One lane's share of the scores' sum and of the output, over so many keys at a time. */
const runOverKeys = (
  held: number,
  { number }: Words,
): string => `  for (var base = 0u; base <= position; base += LANES) {
    let t = base + local.x;
    var s = -3e38;
    if (t <= position) {
      s = 0.0;
      for (var place = 0u; place < HEAD; place++) {
        var k = own_key[place];
        if (t < position) { k = ${number("keys", "slab + t * HEAD + place")}; }
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
        if (base + other < position) { v = ${number("values", "slab + (base + other) * HEAD + place")}; }
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
export function attendTogether(headDim: number, lanes: number, storage: CacheStorage): Kernel {
  const held = Math.ceil(headDim / lanes);
  const words = wordsOf[storage];
  const { each, type, helpers, word } = words;
  return makeKernel({
    name: `decode attention of ${headDim} over ${storage} by ${lanes} lanes`,
    reads: { x: "f32", positions: "u32", table: "f32" },
    writes: { keys: type, values: type, y: "f32" },
    constants: attendConstants,
    workgroup: [lanes, 1, 1],
    helpers: `${sharedHead(headDim, lanes)}\n${helpers}`,
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
    own_query[place] = turned(start + query * HEAD, place, position * HEAD) * ${1 / Math.sqrt(headDim)};
    own_key[place] = turned(key_start, place, position * HEAD);
    own_value[place] = x[key_start + constants.kvHeads * HEAD + place];
  }
  workgroupBarrier();
  if (query % members == 0u) {
    for (var place = local.x * ${each}u; place < HEAD; place += LANES * ${each}u) {
      let to = (slab + position * HEAD + place) / ${each}u;
      keys[to] = ${word("own_key[place]", "own_key[place + 1u]")};
      values[to] = ${word("own_value[place]", "own_value[place + 1u]")};
    }
  }
  var most = -3e38;
  var sum = 0.0;
  var held: array<f32, ${held}>;
${runOverKeys(held, words)}
  for (var slot = 0u; slot < ${held}u; slot++) {
    let place = local.x + slot * LANES;
    if (place < HEAD) { y[(row * constants.heads + query) * HEAD + place] = held[slot] / sum; }
  }`,
  });
}
