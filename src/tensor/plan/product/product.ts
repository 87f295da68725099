/**
 * Matrix products, in the three forms that a linear layer and its gradients need, on row-major matrices:
 *
 *   nt  C[m, n] = A[m, k] B[n, k]^T      y = x W^T
 *   nn  C[m, n] = A[m, k] B[k, n]        dx = dy W
 *   tn  C[m, n] += A[k, m]^T B[k, n]     dW += dy^T x
 *
 * Each output is one chain of fused multiply-adds over k in order, whatever the tile, so a tile never changes a number.
 * Rows and columns past the end are read from the last one and never written; k is padded with zeros of A.
 */
import { elements, type Kernel, makeKernel } from "../kernel";
import { inRegisters } from "./registers";
import { productConstants, type ProductSpec, tileExtent, workgroupEdge } from "./spec";
import { inWorkgroups } from "./workgroups";

/** Workgroups for C [m, n]. */
export function gridForProduct(
  { tile, blocks }: ProductSpec,
  m: number,
  n: number,
  slices = 1,
): [number, number, number] {
  const { rows, columns } = tileExtent(tile, blocks);
  return [Math.ceil(m / rows), Math.ceil(n / columns), slices];
}

export function makeProduct(spec: ProductSpec): Kernel {
  const { name, layout, vector, normalised, epilogue, tile } = spec;
  const { type } = elements(vector);
  const sizes =
    layout === "tn"
      ? `let m = constants.m; let k = size(constants.k);`
      : `let m = size(constants.m); let k = constants.k;`;
  const { helpers, body } =
    tile.family === "registers" ? { helpers: "", body: inRegisters(spec, tile) } : inWorkgroups(spec, tile);
  return makeKernel({
    name: `${name} (${layout}, ${vector ? "vectors" : "numbers"})`,
    reads: { a: type, b: type, ...(normalised && { gain: type }), ...epilogue.reads },
    writes: epilogue.writes,
    constants: {
      ...productConstants,
      ...(normalised && { epsilon: "f32" as const }),
      ...(layout === "tn" && { slices: "u32" as const }),
      ...epilogue.constants,
    },
    workgroup: tile.family === "registers" ? [...tile.group, 1] : [workgroupEdge, workgroupEdge, 1],
    subgroups: tile.family === "registers" && tile.share,
    helpers: `${fetchers(spec)}\n${helpers}`,
    body: `  ${sizes}\n  let n = constants.n;\n${body}`,
  });
}

/** Functions that read four neighbouring numbers of a row, with zeros past its end. */
function fetchers({ vector, normalised, layout }: ProductSpec): string {
  const width = {
    a: layout === "tn" ? "constants.m" : "constants.k",
    b: layout === "nt" ? "constants.k" : "constants.n",
  };
  const stride = { a: "constants.strideA", b: "constants.strideB" };
  const fetch = (of: "a" | "b"): string =>
    vector
      ? `fn fetch_${of}(row: u32, column: u32) -> vec4f { return ${of}[row * (${stride[of]} / 4u) + column]; }`
      : `fn fetch_${of}(row: u32, column: u32) -> vec4f {
  let at = row * ${stride[of]} + column * 4u;
  let left = ${width[of]} - min(column * 4u, ${width[of]});
  return vec4f(${[0, 1, 2, 3].map((i) => `select(0.0, ${of}[at + ${i}u], left > ${i}u)`).join(", ")});
}`;
  const gain = vector
    ? `fn fetch_gain(column: u32) -> vec4f { return gain[column]; }`
    : `fn fetch_gain(column: u32) -> vec4f {
  let at = column * 4u;
  return vec4f(${[0, 1, 2, 3].map((i) => `select(0.0, gain[at + ${i}u], at + ${i}u < constants.k)`).join(", ")});
}`;
  return [fetch("a"), fetch("b"), ...(normalised ? [gain] : [])].join("\n");
}
