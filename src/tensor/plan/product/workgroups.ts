/** Products through workgroup memory that 256 threads share, which is what a GPU wants. */
import { repeat } from "../kernel";
import type { Tile } from "../tuning";
import { axes, type ProductSpec, workgroupEdge } from "./spec";

/** Numbers of k that are staged at a time. */
const depth = 16;

/** What a workgroup computes, and what each of its threads has of that. */
interface Extent {
  /** Rows of the workgroup, and of a thread. */
  m: number;
  rows: number;
  /** Columns of the workgroup; they are shared evenly by the blocks. */
  n: number;
  blocks: number;
  /** Neighbouring columns that a thread has in each block: four, or two of gate and two of up. */
  columns: number;
}

export function inWorkgroups(spec: ProductSpec, { m: rows }: Tile & { family: "workgroup" }) {
  const { layout, blocks, normalised } = spec;
  const extent: Extent = { m: workgroupEdge * rows, rows, n: workgroupEdge * 4, blocks, columns: 4 / blocks };
  const stores = blocks === 1 ? storeFours : storePairs;
  return {
    helpers: `var<workgroup> stagedA: array<f32, ${depth * extent.m}>;
var<workgroup> stagedB: array<f32, ${depth * extent.n}>;
${normalised ? `var<workgroup> stagedGain: array<f32, ${depth}>;` : ""}`,
    body: `  let m0 = group.x * ${extent.m}u;
  let n0 = group.y * ${extent.n / blocks}u;
  let columns = (n + 3u) / 4u;
  let thread = local.y * ${workgroupEdge}u + local.x;
${repeat(rows, (i) => repeat(blocks, (block) => `  var c${block}_${i} = ${kind(extent)}();`))}
${normalised ? repeat(rows, (i) => `  var s${i} = 0.0;`) : ""}
${range(layout)}
  for (var at = begin; at < end; at += ${depth}u) {
${layout === "tn" ? stageTurnedLeft(extent) : stagePlainLeft(extent)}
${layout === "nt" ? stageTurnedRight(extent) : stagePlainRight(extent)}
${normalised ? stageGain : ""}
    workgroupBarrier();
${multiply(spec, extent)}
    workgroupBarrier();
  }
${repeat(rows, (i) => stores(spec, extent, i))}`,
  };
}

const kind = ({ columns }: Extent): string => `vec${columns}f`;

/** From which k to which. */
function range(layout: ProductSpec["layout"]): string {
  if (layout !== "tn") return "  let begin = 0u;\n  let end = k;";
  return `  let slice = group.z;
  let each = ((k / 4u + constants.slices - 1u) / constants.slices) * 4u;
  let begin = min(slice * each, k);
  let end = min(begin + each, k);`;
}

/** One staged k after another, so that every output is one chain of fused multiply-adds in the order of k. */
function multiply({ normalised }: ProductSpec, extent: Extent): string {
  const { rows, blocks, columns, n, m } = extent;
  const right = (block: number): string => {
    const first = `q * ${n}u + ${(block * n) / blocks}u + local.x * ${columns}u`;
    const parts = Array.from({ length: columns }, (_, p) => `stagedB[${first} + ${p}u]`);
    return `      let b${block} = ${kind(extent)}(${parts.join(", ")});`;
  };
  const left = (i: number): string =>
    normalised
      ? `      s${i} = fma(x${i}, x${i}, s${i});\n      let a${i} = x${i} * stagedGain[q];`
      : `      let a${i} = x${i};`;
  return `    for (var q = 0u; q < ${depth}u; q++) {
${repeat(blocks, right)}
${repeat(
  rows,
  (i) => `      let x${i} = stagedA[q * ${m}u + local.y * ${rows}u + ${i}u];
${left(i)}
${repeat(blocks, (block) => `      c${block}_${i} = fma(${kind(extent)}(a${i}), b${block}, c${block}_${i});`)}`,
)}
    }`;
}

function scale({ normalised }: ProductSpec, i: number): string {
  return normalised ? ` * inverseSqrt(s${i} / f32(k) + constants.epsilon)` : "";
}

function storeFours(spec: ProductSpec, { rows }: Extent, i: number): string {
  return `  if (m0 + local.y * ${rows}u + ${i}u < m && n0 / 4u + local.x < columns) {
    let row = m0 + local.y * ${rows}u + ${i}u;
    let column = n0 / 4u + local.x;
    let value = c0_${i}${scale(spec, i)};
    ${spec.epilogue.store("row", "column", ["value"])}
  }`;
}

/** Two neighbouring threads hold a four between them: the even one collects it through workgroup memory. */
function storePairs(spec: ProductSpec, { rows }: Extent, i: number): string {
  const collect = (p: number): string =>
    `vec4f(stagedB[mine + ${p}u], stagedB[mine + ${p + 1}u], stagedB[mine + ${p + 4}u], stagedB[mine + ${p + 5}u])`;
  return `  {
    let mine = thread * 4u;
    stagedB[mine] = c0_${i}.x;
    stagedB[mine + 1u] = c0_${i}.y;
    stagedB[mine + 2u] = c1_${i}.x;
    stagedB[mine + 3u] = c1_${i}.y;
    workgroupBarrier();
    let row = m0 + local.y * ${rows}u + ${i}u;
    let column = n0 / 4u + local.x / 2u;
    if ((local.x & 1u) == 0u && row < m && column < columns) {
      let first = ${collect(0)}${scale(spec, i)};
      let second = ${collect(2)}${scale(spec, i)};
      ${spec.epilogue.store("row", "column", ["first", "second"])}
    }
    workgroupBarrier();
  }`;
}

/** Every thread reads its share of `count` numbers, a four at a time; `lines` see which one as `slot`. */
function stage(count: number, lines: string): string {
  return `    for (var slot = thread; slot < ${count / 4}u; slot += ${workgroupEdge * workgroupEdge}u) {
${lines}
    }`;
}

/** Writes a four so that its numbers lie one after another, or one in each row of what is staged. */
const along = (where: string, at: string): string =>
  repeat(4, (p) => `      ${where}[${at} + ${p}u] = value.${axes[p]};`);
const across = (where: string, at: (p: number) => string): string =>
  repeat(4, (p) => `      ${where}[${at(p)}] = value.${axes[p]};`);

// Past the end of k, A is zero and B is whatever stands in its last row.

function stagePlainLeft({ m }: Extent): string {
  return stage(
    depth * m,
    `      let q = slot % ${depth / 4}u;
      let row = slot / ${depth / 4}u;
      let fours = (k + 3u) / 4u;
      let four = at / 4u + q;
      let value = select(vec4f(), fetch_a(min(m0 + row, m - 1u), min(four, fours - 1u)), four < fours);
${across("stagedA", (p) => `(q * 4u + ${p}u) * ${m}u + row`)}`,
  );
}

function stageTurnedLeft({ m }: Extent): string {
  return stage(
    depth * m,
    `      let q = slot / ${m / 4}u;
      let column = slot % ${m / 4}u;
      let four = min(m0 / 4u + column, (m + 3u) / 4u - 1u);
      let value = select(vec4f(), fetch_a(min(at + q, k - 1u), four), at + q < end);
${along("stagedA", `q * ${m}u + column * 4u`)}`,
  );
}

function stageTurnedRight({ n, blocks }: Extent): string {
  return stage(
    depth * n,
    `      let q = slot % ${depth / 4}u;
      let column = slot / ${depth / 4}u;
      let row = min(n0 + column % ${n / blocks}u, n - 1u) + (column / ${n / blocks}u) * n;
      let value = fetch_b(row, min(at / 4u + q, (k + 3u) / 4u - 1u));
${across("stagedB", (p) => `(q * 4u + ${p}u) * ${n}u + column`)}`,
  );
}

function stagePlainRight({ n }: Extent): string {
  return stage(
    depth * n,
    `      let q = slot / ${n / 4}u;
      let column = slot % ${n / 4}u;
      let value = fetch_b(min(at + q, k - 1u), min(n0 / 4u + column, columns - 1u));
${along("stagedB", `q * ${n}u + column * 4u`)}`,
  );
}

const stageGain = `    if (thread < ${depth}u) {
      let four = fetch_gain(min((at + thread) / 4u, (k + 3u) / 4u - 1u));
      stagedGain[thread] = four[thread & 3u];
    }`;
