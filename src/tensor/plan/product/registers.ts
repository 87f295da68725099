/**
 * Products in registers: no memory is shared and nothing waits, which is what an adapter on the processor wants.
 *
 * Where lanes share, the four of a subgroup compute two tiles by two. What two of them need, each reads half of and swaps
 * with the other, so that no lane reads what another has read:
 *
 *           B0      B1
 *   A0   lane 0  lane 1      lanes 0 and 1 swap rows of A0, lanes 0 and 2 columns of B0
 *   A1   lane 2  lane 3
 *
 * A lane has first what it read itself, so two neighbours hold a tile's rows, and its columns, in different orders.
 */
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
  const left = layout === "tn" ? turnedLeft(extent.rows, tile.share) : plainLeft(extent.rows, normalised, tile.share);
  const right = layout === "nt" ? turnedRight(extent, tile.share) : plainRight(extent, tile.share);
  return `  let columns = (n + 3u) / 4u;
${tile.share ? sharedCorner(extent) : ownCorner(extent)}
${eachOutput(extent, (name) => `  var ${name} = vec4f();`)}
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
${left.after}
${stores(spec, extent, left, right)}`;
}

/** The first row and the first four of columns of a thread that works alone. */
function ownCorner({ rows, fours }: Extent): string {
  return `  let m0 = id.x * ${rows}u;
  let n0 = id.y * ${fours}u;
  if (m0 >= m || n0 >= columns) { return; }`;
}

/** The same for four lanes that compute two tiles by two: `down` says which of two rows of tiles, `along` which column. */
function sharedCorner({ rows, fours }: Extent): string {
  return `  let down = (lane >> 1u) & 1u;
  let along = lane & 1u;
  let m0 = (id.x / 4u * 2u + down) * ${rows}u;
  let n0 = (id.y * 2u + along) * ${fours}u;`;
}

function eachOutput(
  { rows, blocks, fours }: Extent,
  line: (name: string, row: number, block: number, four: number) => string,
): string {
  return repeat(blocks, (block) =>
    repeat(fours, (four) => repeat(rows, (row) => line(`c${block}_${row}_${four}`, row, block, four))),
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

function stores(
  { normalised, epilogue }: ProductSpec,
  { rows, blocks, fours }: Extent,
  left: Left,
  right: Right,
): string {
  const values = (row: number, four: number): string[] =>
    Array.from({ length: blocks }, (_, block) =>
      right.inOrder(`c${block}_${row}_${four}${normalised ? ` * r${row}` : ""}`),
    );
  return repeat(
    rows,
    (row) => `  if (m0 + ${left.place(row)} < m) {
    let row = m0 + ${left.place(row)};
${repeat(
  fours,
  (four) => `    if (n0 + ${right.place(four)} < columns) {
      let column = n0 + ${right.place(four)};
      ${epilogue.store("row", "column", values(row, four))}
    }`,
)}
  }`,
  );
}

interface Left extends Factor {
  /** A's number for a row of the tile and one of four k. */
  value: (row: number, q: number) => string;
  /** Statements after the loop. */
  after: string;
  /** Where in the tile a row stands. */
  place: (row: number) => string;
}

interface Right extends Factor {
  /** Where in the tile a four of columns stands. */
  place: (four: number) => string;
  /** Puts the columns of a four in order. */
  inOrder: (value: string) => string;
}

/** Which of `count` things a lane reads itself. */
function ownReads(count: number, share: boolean): number[] {
  if (share && count % 2 !== 0) throw new RangeError(`Two lanes cannot share the reading of ${count}.`);
  return Array.from({ length: count }, (_, i) => i).filter((i) => !share || i % 2 === 0);
}

const asTheyAre = (i: number): string => `${i}u`;

/** Of two neighbours, a lane has the one first that it reads itself; `lane` is 0 or 1. */
const ownFirst =
  (lane: string) =>
  (i: number): string =>
    i % 2 === 0 ? `${i}u + ${lane}` : `${i}u - ${lane}`;

/** Rows of A as they are, four numbers of k at a time; where lanes share, each reads every other row. */
function plainLeft(rows: number, normalised: boolean, share: boolean): Left {
  const place = share ? ownFirst("along") : asTheyAre;
  const each = (line: (i: number) => string): string => ownReads(rows, share).map(line).join("\n");
  const normalise = (i: number): string =>
    `    let x${i} = fetch_a(rowA${i}, at);
    s${i} = fma(x${i}.w, x${i}.w, fma(x${i}.z, x${i}.z, fma(x${i}.y, x${i}.y, fma(x${i}.x, x${i}.x, s${i}))));
    let a${i} = x${i} * g;`;
  const read = normalised
    ? `    let g = fetch_gain(at);\n${each(normalise)}`
    : each((i) => `    let a${i} = fetch_a(rowA${i}, at);`);
  const root = each((i) => `  let r${i} = inverseSqrt(s${i} / f32(k) + constants.epsilon);`);
  const handOn = (line: (i: number) => string): string => (share ? `\n${each(line)}` : "");
  return {
    before: `${each((i) => `  let rowA${i} = min(m0 + ${place(i)}, m - 1u);`)}
${normalised ? each((i) => `  var s${i} = 0.0;`) : ""}`,
    load: read + handOn((i) => `    let a${i + 1} = quadSwapX(a${i});`),
    value: (row, q) => `a${row}.${axes[q]}`,
    after: normalised ? root + handOn((i) => `  let r${i + 1} = quadSwapX(r${i});`) : "",
    place,
  };
}

/** Columns of A, four rows of it at a time; where lanes share, each reads every other four. */
function turnedLeft(rows: number, share: boolean): Left {
  const place = share ? ownFirst("along") : asTheyAre;
  const each = (line: (v: number) => string): string =>
    ownReads(rows / 4, share)
      .map(line)
      .join("\n");
  return {
    before: each((v) => `  let columnA${v} = min(m0 / 4u + ${place(v)}, (m + 3u) / 4u - 1u);`),
    load: repeat(4, (q) =>
      each((v) => {
        const read = `    let a${q}_${v} = fetch_a(at * 4u + ${q}u, columnA${v});`;
        return share ? `${read}\n    let a${q}_${v + 1} = quadSwapX(a${q}_${v});` : read;
      }),
    ),
    value: (row, q) => `a${q}_${row >> 2}.${axes[row & 3]}`,
    after: "",
    place: (row) => `(${place(row >> 2)}) * 4u + ${row & 3}u`,
  };
}

/** Rows of B, turned in registers; where lanes share, each reads every other row. */
function turnedRight({ blocks, fours }: Extent, share: boolean): Right {
  const each = (of: (block: number, v: number) => string): string =>
    repeat(blocks, (block) => repeat(fours, (v) => of(block, v)));
  const place = share ? ownFirst("down") : asTheyAre;
  const own = ownReads(4, share);
  const row = (block: number, v: number, p: number): string =>
    `  let rowB${block}_${v}_${p} = min((n0 + ${v}u) * 4u + ${place(p)}, n - 1u) + ${block}u * n;`;
  const read = (block: number, v: number, p: number): string => {
    const line = `    let t${block}_${v}_${p} = fetch_b(rowB${block}_${v}_${p}, at);`;
    return share ? `${line}\n    let t${block}_${v}_${p + 1} = quadSwapY(t${block}_${v}_${p});` : line;
  };
  const turn = (block: number, v: number): string =>
    repeat(4, (q) => {
      const parts = [0, 1, 2, 3].map((p) => `t${block}_${v}_${p}.${axes[q]}`);
      return `    let b${block}_${q}_${v} = vec4f(${parts.join(", ")});`;
    });
  return {
    before: each((block, v) => own.map((p) => row(block, v, p)).join("\n")),
    load: each((block, v) => `${own.map((p) => read(block, v, p)).join("\n")}\n${turn(block, v)}`),
    place: asTheyAre,
    inOrder: (value) => (share ? `select(${value}, (${value}).yxwz, down == 1u)` : value),
  };
}

/** Four rows of B at a time; where lanes share, each reads every other four of them. */
function plainRight({ blocks, fours }: Extent, share: boolean): Right {
  if (blocks !== 1) throw new Error("Only x W^T computes blocks of columns.");
  const place = share ? ownFirst("down") : asTheyAre;
  const own = ownReads(fours, share);
  // Past the end of k, A is zero and B is whatever stands in its last row.
  const read = (v: number, q: number): string => {
    const line = `    let b0_${q}_${v} = fetch_b(min(at * 4u + ${q}u, k - 1u), columnB${v});`;
    return share ? `${line}\n    let b0_${q}_${v + 1} = quadSwapY(b0_${q}_${v});` : line;
  };
  return {
    before: own.map((v) => `  let columnB${v} = min(n0 + ${place(v)}, columns - 1u);`).join("\n"),
    load: own.map((v) => repeat(4, (q) => read(v, q))).join("\n"),
    place,
    inOrder: (value) => value,
  };
}
