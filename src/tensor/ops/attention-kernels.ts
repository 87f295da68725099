/**
 * Kernels of attention (./attention has the formula). Nothing [n, n] is ever stored: a thread takes a few neighbouring
 * queries of a head and runs over their keys with a running softmax; backward, it recomputes the probabilities from the
 * logarithm of their sum.
 */
import { type ElementType, type Kernel, type KernelSource, makeKernel, perThing, repeat } from "../plan/kernel";
import type { AttentionBlocks } from "../plan/tuning";
import { dotOf, type HeadLayout, headLayout, loadHead } from "./heads";

/** Where things stand: strides in registers, not numbers. */
function geometry({ count }: HeadLayout): string {
  return `const HEAD = ${count}u;
fn stride_x() -> u32 { return (constants.heads + 2u * constants.kvHeads) * HEAD; }
fn stride_y() -> u32 { return constants.heads * HEAD; }
fn group_size() -> u32 { return constants.heads / constants.kvHeads; }
fn query_at(row: u32, head: u32) -> u32 { return row * stride_x() + head * HEAD; }
fn key_at(row: u32, kvHead: u32) -> u32 { return row * stride_x() + (constants.heads + kvHead) * HEAD; }
fn value_at(row: u32, kvHead: u32) -> u32 { return key_at(row, kvHead) + constants.kvHeads * HEAD; }
// Of each query and head: the logarithm of the sum of its scores' exponentials; then the sum of dy y.
fn sum_at(row: u32, head: u32) -> u32 { return (row * constants.heads + head) * 2u; }`;
}

/** Lanes of a subgroup that read together. */
const lanes = 4;

/** Rows that run over the same keys, or queries, in step. */
export const spanOf = ({ rows, share }: AttentionBlocks): number => (share ? lanes * rows : rows);

/**
 * A kernel whose threads each have a block of rows of one head: from `start`, of `all`. Threads that share are one
 * subgroup with neighbouring blocks; the first begins at `base`.
 */
function blockKernel(
  blocks: AttentionBlocks,
  heads: string,
  { body, ...source }: Omit<KernelSource, "workgroup" | "constants">,
): Kernel {
  const constants = { rows: "u32", heads: "u32", kvHeads: "u32" } as const;
  const where = (index: string): string => `  let all = size(constants.rows);
  let head = ${index} % ${heads};
  let base = (${index} / ${heads}) * ${spanOf(blocks)}u;
  if (base >= all) { return; }`;
  if (!blocks.share) {
    const count = `((size(constants.rows) + ${blocks.rows - 1}u) / ${blocks.rows}u) * ${heads}`;
    return perThing({ ...source, constants, count, body: `${where("i")}\n  let start = base;\n${body}` });
  }
  return makeKernel({
    ...source,
    constants,
    workgroup: [lanes, 1, 1],
    subgroups: true,
    body: `  let own = group.x + group.y * groups.x;
${where("own")}
  let part = lane & ${lanes - 1}u;
  let start = base + part * ${blocks.rows}u;
${body}`,
  });
}

/** Reads a head that all threads of a subgroup need: where they share, each reads a part and hands it on. */
function loadTogether(head: HeadLayout, { share }: AttentionBlocks, name: string, of: string, start: string): string {
  if (!share || head.count % lanes !== 0) return loadHead(head, name, of, start);
  return repeat(head.count / lanes, (v) => {
    const hand = (p: number): string => `let ${name}${v * lanes + p} = subgroupBroadcast(${name}part${v}, ${p}u);`;
    return `let ${name}part${v} = ${of}[${start} + ${v * lanes}u + part];\n${repeat(lanes, hand)}`;
  });
}

/** An expression over all that a thread has read: `first`, folded with one after another. */
function foldRead({ depth }: AttentionBlocks, first: string, fold: (expression: string, s: number) => string): string {
  return Array.from({ length: depth }, (_, s) => s).reduce(fold, first);
}

/**
 * Adds to a head's registers, `total0...`, each `factor` times what was read with it, `of`; they shrink first where a
 * softmax has a new maximum. One store for all that was read, because on SwiftShader a store costs as much as several additions.
 */
function addRead(
  head: HeadLayout,
  blocks: AttentionBlocks,
  names: { total: string; factor: string; of: string; shrink?: string },
): string {
  const { factor, of, shrink } = names;
  return repeat(head.count, (j) => {
    const total = `${names.total}${j}`;
    const term = (sum: string, s: number): string => `fma(${head.type}(${factor}${s}), ${of}${s}_${j}, ${sum})`;
    return `      ${total} = ${foldRead(blocks, shrink ? `${total} * ${shrink}` : total, term)};`;
  });
}

/** A loop over the keys that a block of queries sees: each query meets several at a time, `k0_0...` and `v0_0...`. */
function overKeys(head: HeadLayout, blocks: AttentionBlocks, eachQuery: (q: number) => string): string {
  const read = (s: number): string => `    let t${s} = ${s === 0 ? "t" : `min(t + ${s}u, all - 1u)`};
    ${loadTogether(head, blocks, `k${s}_`, "x", `key_at(t${s}, kv)`)}
    ${loadTogether(head, blocks, `v${s}_`, "x", `value_at(t${s}, kv)`)}`;
  return `  for (var t = firsts[base]; t < min(base + ${spanOf(blocks)}u, all); t += ${blocks.depth}u) {
${repeat(blocks.depth, read)}
${repeat(blocks.rows, eachQuery)}
  }`;
}

export function forwardKernel(headDim: number, blocks: AttentionBlocks): Kernel {
  const head = headLayout(headDim);
  const scale = 1 / Math.sqrt(headDim);
  const each = (line: (q: number) => string): string => repeat(blocks.rows, line);
  const eachRead = (line: (s: number) => string): string => repeat(blocks.depth, line);
  return blockKernel(blocks, "constants.heads", {
    name: `attention of ${headDim}`,
    reads: { x: head.type, firsts: "u32" },
    writes: { y: head.type, sums: "f32" },
    helpers: geometry(head),
    body: `  let kv = head / group_size();
${each(
  (q) => `  let row${q} = min(start + ${q}u, all - 1u);
  let first${q} = firsts[row${q}];
  ${loadHead(head, `q${q}_`, "x", `query_at(row${q}, head)`, ` * ${scale}`)}
  ${repeat(head.count, (j) => `var o${q}_${j} = ${head.type}();`)}
  var most${q} = -3e38;
  var sum${q} = 0.0;`,
)}
${overKeys(
  head,
  blocks,
  (q) => `    {
${eachRead(
  (s) => `      let seen${s} = t + ${s}u >= first${q} && t + ${s}u <= row${q};
      let s${s} = select(-3e38, ${dotOf(head, `q${q}_`, `k${s}_`)}, seen${s});`,
)}
      let most = ${foldRead(blocks, `most${q}`, (most, s) => `max(${most}, s${s})`)};
${eachRead((s) => `      let p${s} = select(0.0, exp(s${s} - most), seen${s});`)}
      let shrink = exp(most${q} - most);
      sum${q} = ${foldRead(blocks, `sum${q} * shrink`, (sum, s) => `${sum} + p${s}`)};
      most${q} = most;
${addRead(head, blocks, { total: `o${q}_`, factor: "p", of: "v", shrink: "shrink" })}
    }`,
)}
${each(
  (q) => `  if (start + ${q}u < all) {
    let at = row${q} * stride_y() + head * HEAD;
    ${repeat(head.count, (j) => `y[at + ${j}u] = o${q}_${j} / sum${q};`)}
    sums[sum_at(row${q}, head)] = most${q} + log(sum${q});
  }`,
)}`,
  });
}

/** Turns a head's gradient back by its row's angle, if it was turned, and writes it: registers `name0...`. */
function writeTurnedBack(head: HeadLayout, name: string, row: string, at: string, turned: boolean): string {
  const half = head.count / 2;
  if (!turned) return repeat(head.count, (j) => `dx[${at} + ${j}u] = ${name}${j};`);
  return `let angle = positions[${row}] * HEAD;
${repeat(
  half,
  (j) => `{ let cosine = table[angle + ${j}u]; let sine = table[angle + ${half + j}u];
  dx[${at} + ${j}u] = ${name}${j} * cosine + ${name}${half + j} * sine;
  dx[${at} + ${half + j}u] = ${name}${half + j} * cosine - ${name}${j} * sine; }`,
)}`;
}

interface BackwardOptions {
  headDim: number;
  blocks: AttentionBlocks;
  turned: boolean;
}

function turnReads(head: HeadLayout, turned: boolean): Record<string, ElementType> {
  return turned ? { positions: "u32", table: head.type } : {};
}

/** dQ; and the sum of dy y, which dK and dV need too. */
export function queryKernel({ headDim, blocks, turned }: BackwardOptions): Kernel {
  const head = headLayout(headDim);
  const scale = 1 / Math.sqrt(headDim);
  const each = (line: (q: number) => string): string => repeat(blocks.rows, line);
  const eachRead = (line: (s: number) => string): string => repeat(blocks.depth, line);
  return blockKernel(blocks, "constants.heads", {
    name: `attention of ${headDim}, backward to queries`,
    reads: { x: head.type, firsts: "u32", y: head.type, dy: head.type, ...turnReads(head, turned) },
    writes: { dx: head.type, sums: "f32" },
    helpers: geometry(head),
    body: `  let kv = head / group_size();
${each(
  (q) => `  let row${q} = min(start + ${q}u, all - 1u);
  let first${q} = firsts[row${q}];
  ${loadHead(head, `q${q}_`, "x", `query_at(row${q}, head)`, ` * ${scale}`)}
  ${loadHead(head, `e${q}_`, "dy", `row${q} * stride_y() + head * HEAD`)}
  ${loadHead(head, `y${q}_`, "y", `row${q} * stride_y() + head * HEAD`)}
  ${repeat(head.count, (j) => `var d${q}_${j} = ${head.type}();`)}
  let delta${q} = ${dotOf(head, `e${q}_`, `y${q}_`)};
  let logsum${q} = sums[sum_at(row${q}, head)];`,
)}
${overKeys(
  head,
  blocks,
  (q) => `    {
${eachRead(
  (s) => `      let s${s} = ${dotOf(head, `q${q}_`, `k${s}_`)};
      let p${s} = select(0.0, exp(s${s} - logsum${q}), t + ${s}u >= first${q} && t + ${s}u <= row${q});
      let dp${s} = ${dotOf(head, `e${q}_`, `v${s}_`)};
      let ds${s} = p${s} * (dp${s} - delta${q}) * ${scale};`,
)}
${addRead(head, blocks, { total: `d${q}_`, factor: "ds", of: "k" })}
    }`,
)}
${each(
  (q) => `  if (start + ${q}u < all) {
    sums[sum_at(row${q}, head) + 1u] = delta${q};
    ${writeTurnedBack(head, `d${q}_`, `row${q}`, `query_at(row${q}, head)`, turned)}
  }`,
)}`,
  });
}

/**
 * A loop over the queries that see a block of keys: each key meets several at a time, `q0_0...`, and their gradients,
 * `e0_0...`. One loop over queries and the heads of a group: two, one in the other, take three times as long on
 * SwiftShader.
 */
function overQueries(head: HeadLayout, blocks: AttentionBlocks, eachKey: (q: number) => string): string {
  const read = (s: number): string => {
    const at = s === 0 ? "pair" : `min(pair + ${s}u, end - 1u)`;
    // What is past the end sees no key.
    const first = s === 0 ? "firsts[t0]" : `select(all, firsts[t${s}], pair + ${s}u < end)`;
    return `    let at${s} = ${at};
    let t${s} = at${s} / group_size();
    let first${s} = ${first};
    let query${s} = head * group_size() + at${s} % group_size();
    ${loadTogether(head, blocks, `q${s}_`, "x", `query_at(t${s}, query${s})`)}
    ${loadTogether(head, blocks, `e${s}_`, "dy", `t${s} * stride_y() + query${s} * HEAD`)}
    let logsum${s} = sums[sum_at(t${s}, query${s})];
    let delta${s} = sums[sum_at(t${s}, query${s}) + 1u];`;
  };
  return `  let last = lasts[min(base + ${spanOf(blocks)}u, all) - 1u];
  let end = (last + 1u) * group_size();
  for (var pair = base * group_size(); pair < end; pair += ${blocks.depth}u) {
${repeat(blocks.depth, read)}
${repeat(blocks.rows, eachKey)}
  }`;
}

/** dK and dV: a thread takes a few neighbouring keys and runs over the queries that see them. */
export function keyKernel({ headDim, blocks, turned }: BackwardOptions): Kernel {
  const head = headLayout(headDim);
  const scale = 1 / Math.sqrt(headDim);
  const each = (line: (q: number) => string): string => repeat(blocks.rows, line);
  const eachRead = (line: (s: number) => string): string => repeat(blocks.depth, line);
  return blockKernel(blocks, "constants.kvHeads", {
    name: `attention of ${headDim}, backward to keys and values`,
    reads: {
      x: head.type,
      firsts: "u32",
      lasts: "u32",
      dy: head.type,
      sums: "f32",
      ...turnReads(head, turned),
    },
    writes: { dx: head.type },
    helpers: geometry(head),
    body: `${each(
      (q) => `  let row${q} = min(start + ${q}u, all - 1u);
  ${loadHead(head, `k${q}_`, "x", `key_at(row${q}, head)`, ` * ${scale}`)}
  ${loadHead(head, `v${q}_`, "x", `value_at(row${q}, head)`)}
  ${repeat(head.count, (j) => `var a${q}_${j} = ${head.type}(); var b${q}_${j} = ${head.type}();`)}`,
    )}
${overQueries(
  head,
  blocks,
  (q) => `    {
${eachRead(
  (s) => `      let s${s} = ${dotOf(head, `q${s}_`, `k${q}_`)};
      let p${s} = select(0.0, exp(s${s} - logsum${s}), row${q} >= first${s} && row${q} <= t${s});
      let dp${s} = ${dotOf(head, `e${s}_`, `v${q}_`)};
      let ds${s} = p${s} * (dp${s} - delta${s}) * ${scale};`,
)}
${addRead(head, blocks, { total: `a${q}_`, factor: "ds", of: "q" })}
${addRead(head, blocks, { total: `b${q}_`, factor: "p", of: "e" })}
    }`,
)}
${each(
  (q) => `  if (start + ${q}u < all) {
    ${writeTurnedBack(head, `a${q}_`, `row${q}`, `key_at(row${q}, head)`, turned)}
    ${repeat(head.count, (j) => `dx[value_at(row${q}, head) + ${j}u] = b${q}_${j};`)}
  }`,
)}`,
  });
}
