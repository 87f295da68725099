/**
 * Matrix products of any layout. Blocks of both factors are copied into panels that the inner loop reads in order, so a
 * transposed factor costs what a plain one does. Every number of the result is one chain of products and sums over k,
 * in order, whatever the blocks are.
 */
import { madd } from "./vector";

/** The tile of c that the inner loop keeps in registers. */
const tileRows: usize = 4;
const tileColumns: usize = 8;

/** A panel of b stays in the first cache, a block of a and one of b in the second. */
const blockRows: usize = 64;
const blockColumns: usize = 256;
const blockDepth: usize = 256;

const tileBytes: usize = 4 * tileRows * tileColumns;
const leftBytes: usize = 4 * blockRows * blockDepth;
const rightBytes: usize = 4 * blockColumns * blockDepth;

/** Bytes that a product needs beside its matrices. */
export function scratchBytes(): usize {
  return tileBytes + leftBytes + rightBytes;
}

/**
 * c [m, n] = what stands at `from`, or zero where that is 0, plus a [m, k] times b [k, n]. A matrix is given by its
 * address and the bytes from one row to the next, and for a factor from one column to the next; the columns of c and
 * `from` stand side by side. `from` may be c.
 */
export function product(
  m: usize,
  n: usize,
  k: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  from: usize,
  fromRow: usize,
  c: usize,
  cRow: usize,
  scratch: usize,
): void {
  const left = scratch + tileBytes;
  const right = left + leftBytes;
  for (let p: usize = 0; p < k; p += blockDepth) {
    const depth = min(k - p, blockDepth);
    if (p > 0) {
      from = c;
      fromRow = cRow;
    }
    for (let j: usize = 0; j < n; j += blockColumns) {
      const columns = min(n - j, blockColumns);
      pack(b + p * bRow + j * bColumn, bColumn, bRow, columns, depth, tileColumns, right);
      for (let i: usize = 0; i < m; i += blockRows) {
        const rows = min(m - i, blockRows);
        pack(a + i * aRow + p * aColumn, aRow, aColumn, rows, depth, tileRows, left);
        const start: usize = from == 0 ? 0 : from + i * fromRow + 4 * j;
        multiply(rows, columns, depth, left, right, start, fromRow, c + i * cRow + 4 * j, cRow, scratch);
      }
    }
  }
}

/**
 * Copies lines of `depth` numbers into panels [depth, width] of `width` lines each, with zeros for lines that are not
 * there. Number p of line l stands at `from` + l `line` + p `step`.
 */
function pack(from: usize, line: usize, step: usize, lines: usize, depth: usize, width: usize, to: usize): void {
  for (let l: usize = 0; l < lines; l += width, from += width * line, to += 4 * width * depth) {
    if (l + width > lines) packSome(from, line, step, lines - l, depth, width, to);
    else if (line == 4) packColumns(from, step, depth, width, to);
    else packLines(from, line, step, depth, width, to);
  }
}

function packSome(from: usize, line: usize, step: usize, lines: usize, depth: usize, width: usize, to: usize): void {
  for (let p: usize = 0; p < depth; p++, from += step, to += 4 * width) {
    for (let l: usize = 0; l < width; l++) store<f32>(to + 4 * l, l < lines ? load<f32>(from + l * line) : 0);
  }
}

function packColumns(from: usize, step: usize, depth: usize, width: usize, to: usize): void {
  for (let p: usize = 0; p < depth; p++, from += step, to += 4 * width) {
    for (let l: usize = 0; l < width; l += 4) v128.store(to + 4 * l, v128.load(from + 4 * l));
  }
}

function packLines(from: usize, line: usize, step: usize, depth: usize, width: usize, to: usize): void {
  let p: usize = 0;
  if (step == 4) {
    for (; p + 4 <= depth; p += 4, from += 16, to += 16 * width) {
      for (let l: usize = 0; l < width; l += 4) transpose(from + l * line, line, to + 4 * l, 4 * width);
    }
  }
  packSome(from, line, step, width, depth - p, width, to);
}

/** Of 4 by 4 numbers. */
function transpose(from: usize, fromLine: usize, to: usize, toLine: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + fromLine);
  const c = v128.load(from + 2 * fromLine);
  const d = v128.load(from + 3 * fromLine);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(to + toLine, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  const abRight = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdRight = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to + 2 * toLine, v128.shuffle<f32>(abRight, cdRight, 0, 1, 4, 5));
  v128.store(to + 3 * toLine, v128.shuffle<f32>(abRight, cdRight, 2, 3, 6, 7));
}

/** A block of c from packed blocks; a tile that reaches past its edge is computed aside. */
function multiply(
  m: usize,
  n: usize,
  k: usize,
  a: usize,
  b: usize,
  from: usize,
  fromRow: usize,
  c: usize,
  cRow: usize,
  aside: usize,
): void {
  const asideRow: usize = 4 * tileColumns;
  for (let j: usize = 0; j < n; j += tileColumns) {
    for (let i: usize = 0; i < m; i += tileRows) {
      const start: usize = from == 0 ? 0 : from + i * fromRow + 4 * j;
      const end = c + i * cRow + 4 * j;
      if (i + tileRows <= m && j + tileColumns <= n) {
        tile(k, a + 4 * i * k, b + 4 * j * k, start, fromRow, end, cRow);
      } else {
        const rows = min(m - i, tileRows);
        const columns = min(n - j, tileColumns);
        if (start != 0) copy(rows, columns, start, fromRow, aside, asideRow);
        tile(k, a + 4 * i * k, b + 4 * j * k, start == 0 ? 0 : aside, asideRow, aside, asideRow);
        copy(rows, columns, aside, asideRow, end, cRow);
      }
    }
  }
}

function copy(rows: usize, columns: usize, from: usize, fromRow: usize, to: usize, toRow: usize): void {
  for (let row: usize = 0; row < rows; row++) memory.copy(to + row * toRow, from + row * fromRow, 4 * columns);
}

/** c [4, 8] = what stands at `from`, or zero where that is 0, plus a panel of a times a panel of b. */
function tile(k: usize, a: usize, b: usize, from: usize, fromRow: usize, c: usize, cRow: usize): void {
  const zero = f32x4.splat(0);
  let c00 = from == 0 ? zero : v128.load(from);
  let c01 = from == 0 ? zero : v128.load(from, 16);
  let c10 = from == 0 ? zero : v128.load(from + fromRow);
  let c11 = from == 0 ? zero : v128.load(from + fromRow, 16);
  let c20 = from == 0 ? zero : v128.load(from + 2 * fromRow);
  let c21 = from == 0 ? zero : v128.load(from + 2 * fromRow, 16);
  let c30 = from == 0 ? zero : v128.load(from + 3 * fromRow);
  let c31 = from == 0 ? zero : v128.load(from + 3 * fromRow, 16);
  for (const end = a + 16 * k; a < end; a += 16, b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f32>(a);
    c00 = madd(a0, b0, c00);
    c01 = madd(a0, b1, c01);
    const a1 = v128.load_splat<f32>(a, 4);
    c10 = madd(a1, b0, c10);
    c11 = madd(a1, b1, c11);
    const a2 = v128.load_splat<f32>(a, 8);
    c20 = madd(a2, b0, c20);
    c21 = madd(a2, b1, c21);
    const a3 = v128.load_splat<f32>(a, 12);
    c30 = madd(a3, b0, c30);
    c31 = madd(a3, b1, c31);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + cRow, c10);
  v128.store(c + cRow, c11, 16);
  v128.store(c + 2 * cRow, c20);
  v128.store(c + 2 * cRow, c21, 16);
  v128.store(c + 3 * cRow, c30);
  v128.store(c + 3 * cRow, c31, 16);
}
