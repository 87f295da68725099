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
    const hand = (p: number): string => `let ${name}${v * lanes + p} = subgroupBroadcast(${name}_${v}, ${p}u);`;
    return `let ${name}_${v} = ${of}[${start} + ${v * lanes}u + part];\n${repeat(lanes, hand)}`;
  });
}

export function forwardKernel(headDim: number, blocks: AttentionBlocks): Kernel {
  const head = headLayout(headDim);
  const scale = 1 / Math.sqrt(headDim);
  const each = (line: (q: number) => string): string => repeat(blocks.rows, line);
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
  for (var t = firsts[base]; t < min(base + ${spanOf(blocks)}u, all); t++) {
    ${loadTogether(head, blocks, "k", "x", "key_at(t, kv)")}
    ${loadTogether(head, blocks, "v", "x", "value_at(t, kv)")}
${each(
  (q) => `    {
      let seen = t >= first${q} && t <= row${q};
      let s = select(-3e38, ${dotOf(
        head,
        (j) => `q${q}_${j}`,
        (j) => `k${j}`,
      )}, seen);
      let most = max(most${q}, s);
      let p = select(0.0, exp(s - most), seen);
      let shrink = exp(most${q} - most);
      sum${q} = sum${q} * shrink + p;
      most${q} = most;
      ${repeat(head.count, (j) => `o${q}_${j} = o${q}_${j} * shrink + p * v${j};`)}
    }`,
)}
  }
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
  let delta${q} = ${dotOf(
    head,
    (j) => `e${q}_${j}`,
    (j) => `y${q}_${j}`,
  )};
  let logsum${q} = sums[sum_at(row${q}, head)];`,
)}
  for (var t = firsts[base]; t < min(base + ${spanOf(blocks)}u, all); t++) {
    ${loadTogether(head, blocks, "k", "x", "key_at(t, kv)")}
    ${loadTogether(head, blocks, "v", "x", "value_at(t, kv)")}
${each(
  (q) => `    {
      let s = ${dotOf(
        head,
        (j) => `q${q}_${j}`,
        (j) => `k${j}`,
      )};
      let p = select(0.0, exp(s - logsum${q}), t >= first${q} && t <= row${q});
      let dp = ${dotOf(
        head,
        (j) => `e${q}_${j}`,
        (j) => `v${j}`,
      )};
      let ds = p * (dp - delta${q}) * ${scale};
      ${repeat(head.count, (j) => `d${q}_${j} += ds * k${j};`)}
    }`,
)}
  }
${each(
  (q) => `  if (start + ${q}u < all) {
    sums[sum_at(row${q}, head) + 1u] = delta${q};
    ${writeTurnedBack(head, `d${q}_`, `row${q}`, `query_at(row${q}, head)`, turned)}
  }`,
)}`,
  });
}

/** dK and dV: a thread takes a few neighbouring keys and runs over the queries that see them. */
export function keyKernel({ headDim, blocks, turned }: BackwardOptions): Kernel {
  const head = headLayout(headDim);
  const scale = 1 / Math.sqrt(headDim);
  const each = (line: (q: number) => string): string => repeat(blocks.rows, line);
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
  let last = lasts[min(base + ${spanOf(blocks)}u, all) - 1u];
  // One loop over queries and the heads of a group: two, one in the other, take three times as long on SwiftShader.
  for (var pair = base * group_size(); pair < (last + 1u) * group_size(); pair++) {
    let t = pair / group_size();
    let query = head * group_size() + pair % group_size();
    let first = firsts[t];
      ${loadTogether(head, blocks, "q", "x", "query_at(t, query)")}
      ${loadTogether(head, blocks, "e", "dy", "t * stride_y() + query * HEAD")}
      let logsum_t = sums[sum_at(t, query)];
      let delta_t = sums[sum_at(t, query) + 1u];
${each(
  (q) => `      {
        let s = ${dotOf(
          head,
          (j) => `q${j}`,
          (j) => `k${q}_${j}`,
        )};
        let p = select(0.0, exp(s - logsum_t), row${q} >= first && row${q} <= t);
        let dp = ${dotOf(
          head,
          (j) => `e${j}`,
          (j) => `v${q}_${j}`,
        )};
        let ds = p * (dp - delta_t) * ${scale};
        ${repeat(head.count, (j) => `a${q}_${j} += ds * q${j}; b${q}_${j} += p * e${j};`)}
      }`,
)}
  }
${each(
  (q) => `  if (start + ${q}u < all) {
    ${writeTurnedBack(head, `a${q}_`, `row${q}`, `key_at(row${q}, head)`, turned)}
    ${repeat(head.count, (j) => `dx[value_at(row${q}, head) + ${j}u] = b${q}_${j};`)}
  }`,
)}`,
  });
}
