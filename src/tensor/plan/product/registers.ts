/** Products in registers: no memory is shared and nothing waits, which is what an adapter on the processor wants. */
import { repeat } from "../kernel";
import type { Tile } from "../tuning";
import { axes, type ProductSpec } from "./spec";

/** How a thread gets at a factor: statements before the loop over k, and inside it. */
interface Factor {
  before: string;
  load: string;
}

/** What a thread computes: so many rows, and in each block so many fours of columns. */
interface Extent {
  rows: number;
  blocks: number;
  fours: number;
}

export function inRegisters(spec: ProductSpec, tile: Tile & { family: "registers" }): string {
  const { layout, blocks, normalised } = spec;
  const extent: Extent = { rows: tile.m, blocks, fours: tile.n / 4 / blocks };
  const left = layout === "tn" ? turnedLeft(extent.rows) : plainLeft(extent.rows, normalised);
  const right = layout === "nt" ? turnedRight(extent, tile.share) : plainRight(extent, tile.share);
  return `  let m0 = id.x * ${extent.rows}u;
  let n0 = id.y * ${extent.fours}u;
  let columns = (n + 3u) / 4u;
  ${tile.share ? "let part = lane & 3u;" : "if (m0 >= m || n0 >= columns) { return; }"}
${eachOutput(extent, (name) => `  var ${name} = vec4f();`)}
${normalised ? repeat(extent.rows, (i) => `  var s${i} = 0.0;`) : ""}
${left.before}
${right.before}
${range(layout)}
  for (var at = begin; at < end; at++) {
${left.load}
${right.load}
${eachOutput(extent, (name, row, block, four) => {
  const b = (q: number): string => `b${block}_${q}_${four}`;
  return `    ${name} = ${chain(name, (q) => left.value(row, q), b)};`;
})}
  }
${normalised ? repeat(extent.rows, (i) => `  let r${i} = inverseSqrt(s${i} / f32(k) + constants.epsilon);`) : ""}
${stores(spec, extent)}`;
}

function eachOutput(
  { rows, blocks, fours }: Extent,
  line: (name: string, row: number, block: number, four: number) => string,
): string {
  return repeat(rows, (row) =>
    repeat(blocks, (block) => repeat(fours, (four) => line(`c${block}_${row}_${four}`, row, block, four))),
  );
}

/** One chain of fused multiply-adds: `sum` plus a[q] b[q] for q in 0..3, in order. */
function chain(sum: string, a: (q: number) => string, b: (q: number) => string): string {
  return [0, 1, 2, 3].reduce((inner, q) => `fma(vec4f(${a(q)}), ${b(q)}, ${inner})`, sum);
}

/** From which four of k to which. */
function range(layout: ProductSpec["layout"]): string {
  if (layout !== "tn") return "  let begin = 0u;\n  let end = (k + 3u) / 4u;";
  return `  let slice = group.z;
  let each = (k / 4u + constants.slices - 1u) / constants.slices;
  let begin = min(slice * each, k / 4u);
  let end = min(begin + each, k / 4u);`;
}

function stores({ normalised, epilogue }: ProductSpec, { rows, blocks, fours }: Extent): string {
  const values = (row: number, four: number): string[] =>
    Array.from({ length: blocks }, (_, block) => `c${block}_${row}_${four}${normalised ? ` * r${row}` : ""}`);
  return repeat(
    rows,
    (row) => `  if (m0 + ${row}u < m) {
    let row = m0 + ${row}u;
${repeat(
  fours,
  (four) => `    if (n0 + ${four}u < columns) {
      let column = n0 + ${four}u;
      ${epilogue.store("row", "column", values(row, four))}
    }`,
)}
  }`,
  );
}

interface Left extends Factor {
  /** A's number for a row of the tile and one of four k. */
  value: (row: number, q: number) => string;
}

/** Rows of A as they are, four numbers of k at a time. */
function plainLeft(rows: number, normalised: boolean): Left {
  const normalise = (i: number): string =>
    `    let x${i} = fetch_a(rowA${i}, at);
    s${i} = fma(x${i}.w, x${i}.w, fma(x${i}.z, x${i}.z, fma(x${i}.y, x${i}.y, fma(x${i}.x, x${i}.x, s${i}))));
    let a${i} = x${i} * g;`;
  return {
    before: repeat(rows, (i) => `  let rowA${i} = min(m0 + ${i}u, m - 1u);`),
    load: normalised
      ? `    let g = fetch_gain(at);\n${repeat(rows, normalise)}`
      : repeat(rows, (i) => `    let a${i} = fetch_a(rowA${i}, at);`),
    value: (row, q) => `a${row}.${axes[q]}`,
  };
}

/** Columns of A, four rows of it at a time. */
function turnedLeft(rows: number): Left {
  const fours = rows / 4;
  return {
    before: repeat(fours, (v) => `  let columnA${v} = min(m0 / 4u + ${v}u, (m + 3u) / 4u - 1u);`),
    load: repeat(4, (q) => repeat(fours, (v) => `    let a${q}_${v} = fetch_a(at * 4u + ${q}u, columnA${v});`)),
    value: (row, q) => `a${q}_${row >> 2}.${axes[row & 3]}`,
  };
}

/** Rows of B, turned in registers; where lanes share, each reads one of four neighbouring rows and hands it on. */
function turnedRight({ blocks, fours }: Extent, share: boolean): Factor {
  const each = (of: (block: number, v: number) => string): string =>
    repeat(blocks, (block) => repeat(fours, (v) => of(block, v)));
  const row = (block: number, column: string): string => `min(${column}, n - 1u) + ${block}u * n`;
  const turn = (block: number, v: number): string =>
    repeat(4, (q) => {
      const parts = [0, 1, 2, 3].map((p) => `t${block}_${v}_${p}.${axes[q]}`);
      return `    let b${block}_${q}_${v} = vec4f(${parts.join(", ")});`;
    });
  if (!share) {
    return {
      before: each((block, v) =>
        repeat(4, (p) => `  let rowB${block}_${v}_${p} = ${row(block, `(n0 + ${v}u) * 4u + ${p}u`)};`),
      ),
      load: each((block, v) => {
        const reads = repeat(4, (p) => `    let t${block}_${v}_${p} = fetch_b(rowB${block}_${v}_${p}, at);`);
        return `${reads}\n${turn(block, v)}`;
      }),
    };
  }
  return {
    before: each((block, v) => `  let rowB${block}_${v} = ${row(block, `(n0 + ${v}u) * 4u + part`)};`),
    load: each((block, v) => {
      const hands = repeat(4, (p) => `    let t${block}_${v}_${p} = subgroupBroadcast(l${block}_${v}, ${p}u);`);
      return `    let l${block}_${v} = fetch_b(rowB${block}_${v}, at);\n${hands}\n${turn(block, v)}`;
    }),
  };
}

/** Four rows of B at a time; where lanes share, each reads one of them and hands it on. */
function plainRight({ blocks, fours }: Extent, share: boolean): Factor {
  if (blocks !== 1) throw new Error("Only x W^T computes blocks of columns.");
  // Past the end of k, A is zero and B is whatever stands in its last row.
  const row = (q: string): string => `min(at * 4u + ${q}, k - 1u)`;
  const load = (v: number): string =>
    share
      ? `    let l${v} = fetch_b(${row("part")}, columnB${v});
${repeat(4, (q) => `    let b0_${q}_${v} = subgroupBroadcast(l${v}, ${q}u);`)}`
      : repeat(4, (q) => `    let b0_${q}_${v} = fetch_b(${row(`${q}u`)}, columnB${v});`);
  return {
    before: repeat(fours, (v) => `  let columnB${v} = min(n0 + ${v}u, columns - 1u);`),
    load: repeat(fours, load),
  };
}
