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

/** How a thread gets at a factor: what stands before the loop over k, and what reads the four of k at `at0`, `at1`... */
interface Factor {
  before: string;
  load: (step: number) => string;
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
  const [beside, below] = tile.share ? [partner("along", "quadSwapX"), partner("down", "quadSwapY")] : [nobody, nobody];
  const left = layout === "tn" ? turnedLeft(extent.rows, beside) : plainLeft(extent.rows, normalised, beside);
  const right = layout === "nt" ? turnedRight(extent, below) : plainRight(extent, below);
  return `  let columns = (n + 3u) / 4u;
${tile.share ? sharedCorner(extent) : ownCorner(extent)}
${eachOutput(extent, (name) => `  var ${name} = vec4f();`)}
${left.before}
${right.before}
${range(layout)}
  for (var at = begin; at < end; at += ${tile.depth}u) {
${repeat(tile.depth, (step) => [fourAt(step), left.load(step), right.load(step)].join("\n"))}
${eachOutput(extent, (name, row, block, four) => {
  const terms = Array.from({ length: tile.depth }, (_, step) =>
    axes.map((_, q) => ({ a: left.value(row, q, step), b: `b${block}_${q}_${four}_${step}` })),
  ).flat();
  return `    ${name} = ${chains(name, terms)};`;
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

/**
 * For each of four columns one chain of fused multiply-adds: its number in `sum` plus a b, term after term. Number by
 * number, because SwiftShader takes an eighth longer for the same chain of vectors.
 */
function chains(sum: string, terms: readonly { a: string; b: string }[]): string {
  const column = (axis: string): string =>
    terms.reduce((inner, { a, b }) => `fma(${a}, ${b}.${axis}, ${inner})`, `${sum}.${axis}`);
  return `vec4f(${axes.map(column).join(", ")})`;
}

/** Where a step's four of k is. Past the end of k A is zero, so B may be whatever stands in its last four there. */
function fourAt(step: number): string {
  if (step === 0) return "    let at0 = at;";
  return `    let at${step} = min(at + ${step}u, end - 1u);
    let inside${step} = at + ${step}u < end;`;
}

/** Four numbers of A, read at a step; nothing past the end. */
const ofA = (value: string, step: number): string => (step === 0 ? value : `select(vec4f(), ${value}, inside${step})`);

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
  /** A's number for a row of the tile and one of a step's four k. */
  value: (row: number, q: number, step: number) => string;
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

/** Whom a lane shares its reading with. */
interface Partner {
  /** Which of `count` things the lane reads itself. */
  own: (count: number) => number[];
  /** Where the lane's i-th thing stands: it has first what it reads itself. */
  place: (i: number) => string;
  /** After the lane has read its i-th thing: the statement that takes the next one from the partner. */
  handOn: (name: (i: number) => string) => (i: number) => string;
  /** Puts four numbers whose places are as above in order. */
  inOrder: (value: string) => string;
}

const nobody: Partner = {
  own: (count) => Array.from({ length: count }, (_, i) => i),
  place: (i) => `${i}u`,
  handOn: () => () => "",
  inOrder: (value) => value,
};

/** The neighbour with which `swap` swaps; `which` of the two a lane is, 0 or 1, is a variable. */
function partner(which: string, swap: string): Partner {
  return {
    own: (count) => {
      if (count % 2 !== 0) throw new RangeError(`Two lanes cannot share the reading of ${count}.`);
      return nobody.own(count).filter((i) => i % 2 === 0);
    },
    place: (i) => (i % 2 === 0 ? `${i}u + ${which}` : `${i}u - ${which}`),
    handOn: (name) => (i) => `    let ${name(i + 1)} = ${swap}(${name(i)});`,
    inOrder: (value) => `select(${value}, (${value}).yxwz, ${which} == 1u)`,
  };
}

/** Rows of A as they are, four numbers of k at a time. */
function plainLeft(rows: number, normalised: boolean, { own, place, handOn }: Partner): Left {
  const each = (line: (i: number) => string): string => own(rows).map(line).join("\n");
  const fetch = (i: number, step: number): string => ofA(`fetch_a(rowA${i}, at${step})`, step);
  const normalise = (i: number, step: number): string => {
    const x = `x${i}_${step}`;
    return `    let ${x} = ${fetch(i, step)};
    s${i} = fma(${x}.w, ${x}.w, fma(${x}.z, ${x}.z, fma(${x}.y, ${x}.y, fma(${x}.x, ${x}.x, s${i}))));
    let a${i}_${step} = ${x} * g${step};`;
  };
  const read = (step: number): string =>
    normalised
      ? `    let g${step} = fetch_gain(at${step});\n${each((i) => normalise(i, step))}`
      : each((i) => `    let a${i}_${step} = ${fetch(i, step)};`);
  const root = (i: number): string => `    let r${i} = inverseSqrt(s${i} / f32(k) + constants.epsilon);`;
  return {
    before: `${each((i) => `  let rowA${i} = min(m0 + ${place(i)}, m - 1u);`)}
${normalised ? each((i) => `  var s${i} = 0.0;`) : ""}`,
    load: (step) => `${read(step)}\n${each(handOn((i) => `a${i}_${step}`))}`,
    value: (row, q, step) => `a${row}_${step}.${axes[q]}`,
    after: normalised ? `${each(root)}\n${each(handOn((i) => `r${i}`))}` : "",
    place,
  };
}

/** Columns of A, four rows of it at a time. */
function turnedLeft(rows: number, { own, place, handOn }: Partner): Left {
  const each = (line: (v: number) => string): string =>
    own(rows / 4)
      .map(line)
      .join("\n");
  const name = (q: number, v: number, step: number): string => `a${q}_${v}_${step}`;
  const read = (q: number, v: number, step: number): string =>
    `    let ${name(q, v, step)} = ${ofA(`fetch_a(at${step} * 4u + ${q}u, columnA${v})`, step)};
${handOn((v) => name(q, v, step))(v)}`;
  return {
    before: each((v) => `  let columnA${v} = min(m0 / 4u + ${place(v)}, (m + 3u) / 4u - 1u);`),
    load: (step) => repeat(4, (q) => each((v) => read(q, v, step))),
    value: (row, q, step) => `${name(q, row >> 2, step)}.${axes[row & 3]}`,
    after: "",
    place: (row) => `(${place(row >> 2)}) * 4u + ${row & 3}u`,
  };
}

/** Rows of B, turned in registers. */
function turnedRight({ blocks, fours }: Extent, { own, place, handOn, inOrder }: Partner): Right {
  const each = (of: (block: number, v: number) => string): string =>
    repeat(blocks, (block) => repeat(fours, (v) => of(block, v)));
  const ownRows = (line: (p: number) => string): string => own(4).map(line).join("\n");
  const row = (block: number, v: number, p: number): string =>
    `  let rowB${block}_${v}_${p} = min((n0 + ${v}u) * 4u + ${place(p)}, n - 1u) + ${block}u * n;`;
  const name = (block: number, v: number, p: number, step: number): string => `t${block}_${v}_${p}_${step}`;
  const read = (block: number, v: number, p: number, step: number): string =>
    `    let ${name(block, v, p, step)} = fetch_b(rowB${block}_${v}_${p}, at${step});
${handOn((p) => name(block, v, p, step))(p)}`;
  const turn = (block: number, v: number, step: number): string =>
    repeat(4, (q) => {
      const parts = [0, 1, 2, 3].map((p) => `${name(block, v, p, step)}.${axes[q]}`);
      return `    let b${block}_${q}_${v}_${step} = vec4f(${parts.join(", ")});`;
    });
  return {
    before: each((block, v) => ownRows((p) => row(block, v, p))),
    load: (step) => each((block, v) => `${ownRows((p) => read(block, v, p, step))}\n${turn(block, v, step)}`),
    place: nobody.place,
    inOrder,
  };
}

/** Four rows of B at a time. */
function plainRight({ blocks, fours }: Extent, { own, place, handOn }: Partner): Right {
  if (blocks !== 1) throw new Error("Only x W^T computes blocks of columns.");
  const each = (line: (v: number) => string): string => own(fours).map(line).join("\n");
  const read = (v: number, q: number, step: number): string =>
    `    let b0_${q}_${v}_${step} = fetch_b(min(at${step} * 4u + ${q}u, k - 1u), columnB${v});
${handOn((v) => `b0_${q}_${v}_${step}`)(v)}`;
  return {
    before: each((v) => `  let columnB${v} = min(n0 + ${place(v)}, columns - 1u);`),
    load: (step) => each((v) => repeat(4, (q) => read(v, q, step))),
    place,
    inOrder: nobody.inOrder,
  };
}
