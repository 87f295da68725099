/** What a matrix product is told: its form, how it is cut, and what becomes of its outputs. */
import { type KernelSource, repeat } from "../kernel";
import type { Layout, Tile } from "../tuning";

export const axes = ["x", "y", "z", "w"];

/** What becomes of an output, as WGSL: `value` is a vec4f at `row` and `column` (in fours). */
export interface Epilogue {
  reads: NonNullable<KernelSource["reads"]>;
  writes: KernelSource["writes"];
  constants: KernelSource["constants"];
  /** Statements; `values` holds a vector for each block of columns. */
  store: (row: string, column: string, values: string[]) => string;
}

/** What an epilogue does with each number, or with four of them. */
export interface Place {
  /** Index in a matrix whose stride is that constant. */
  at: (stride: string) => string;
  /** Index in a vector that runs along the columns. */
  index: string;
  values: string[];
}

/** Writes an epilogue's statement for a vector of four numbers, or four times for those inside the matrix. */
export function eachNumber(
  vector: boolean,
  row: string,
  column: string,
  values: string[],
  statement: (place: Place) => string,
): string {
  if (vector) {
    return statement({ at: (stride) => `${row} * (constants.${stride} / 4u) + ${column}`, index: column, values });
  }
  return repeat(
    4,
    (p) => `if (${column} * 4u + ${p}u < n) {
        ${statement({
          at: (stride) => `${row} * constants.${stride} + ${column} * 4u + ${p}u`,
          index: `${column} * 4u + ${p}u`,
          values: values.map((value) => `(${value}).${axes[p]}`),
        })}
      }`,
  );
}

export interface ProductSpec {
  name: string;
  layout: Layout;
  tile: Tile;
  /** Whether all widths are multiples of four. */
  vector: boolean;
  /** A's rows are normalised on the way: a r gain, with r = 1 / sqrt(mean(a^2) + epsilon). For nt. */
  normalised: boolean;
  /** Blocks of columns that a thread computes side by side, `n` columns apart: 1, or 2 for gate and up. For nt. */
  blocks: 1 | 2;
  epilogue: Epilogue;
}

/** The constants of every product. m (nt, nn) or k (tn) is the index of a size; slices cut k (tn). */
export const productConstants = { m: "u32", n: "u32", k: "u32", strideA: "u32", strideB: "u32" } as const;

/** Threads along each side of a workgroup that stages its factors. */
export const workgroupEdge = 16;

/** Rows and columns of C that a workgroup computes. */
export function tileExtent(tile: Tile, blocks: number): { rows: number; columns: number } {
  if (tile.family === "workgroup") return { rows: workgroupEdge * tile.m, columns: (workgroupEdge * 4) / blocks };
  const [down, along] = tile.share ? [tile.group[0] / 2, tile.group[1] * 2] : tile.group;
  return { rows: down * tile.m, columns: (along * tile.n) / blocks };
}
