/** Causal attention of one head over one sequence, `queries` lines at a time: of the keys after them none is read. */
import { product } from "./product";
import { exp, largestOf, madd, put, sumOf, take } from "./vector";

/** Lower than any score, and no trouble in a product with 0. */
const unseen: f32 = -1e9;

/** Each line's softmax of `scale` x over as many numbers as it may see, and zeros after them, in place. */
function softmax(x: usize, line: usize, lines: usize, width: usize, firstSeen: usize, scale: f32): void {
  const scales = f32x4.splat(scale);
  for (let row: usize = 0; row < lines; row++, x += line) {
    const seen = firstSeen + row;
    let best = f32x4.splat(unseen);
    for (let i: usize = 0; i < seen; i += 4) best = f32x4.max(best, take(x + 4 * i, seen - i, unseen));
    const largest = f32x4.splat(largestOf(best));
    let sum = f32x4.splat(0);
    for (let i: usize = 0; i < seen; i += 4) {
      const e = exp(f32x4.mul(scales, f32x4.sub(take(x + 4 * i, seen - i, unseen), largest)));
      sum = f32x4.add(sum, e);
      put(x + 4 * i, seen - i, e);
    }
    const share = f32x4.splat(1 / sumOf(sum));
    for (let i: usize = 0; i < seen; i += 4) {
      put(x + 4 * i, seen - i, f32x4.mul(share, take(x + 4 * i, seen - i)));
    }
    memory.fill(x + 4 * seen, 0, 4 * (width - seen));
  }
}

/** Turns the gradient of a softmax of `scale` x into that of x, in place: scale p (dp - the sum of p dp). */
function softmaxBackward(
  p: usize,
  line: usize,
  dp: usize,
  dpLine: usize,
  lines: usize,
  width: usize,
  firstSeen: usize,
  scale: f32,
): void {
  const scales = f32x4.splat(scale);
  for (let row: usize = 0; row < lines; row++, p += line, dp += dpLine) {
    const seen = firstSeen + row;
    let dot = f32x4.splat(0);
    for (let i: usize = 0; i < seen; i += 4) {
      dot = madd(take(p + 4 * i, seen - i), take(dp + 4 * i, seen - i), dot);
    }
    const mean = f32x4.splat(sumOf(dot));
    for (let i: usize = 0; i < seen; i += 4) {
      const slope = f32x4.sub(take(dp + 4 * i, seen - i), mean);
      put(dp + 4 * i, seen - i, f32x4.mul(f32x4.mul(scales, take(p + 4 * i, seen - i)), slope));
    }
    memory.fill(dp + 4 * seen, 0, 4 * (width - seen));
  }
}

/**
 * y = softmax(scale q k^T) v for q, k and v [length, size], whose lines are `line` apart, and y's `yLine`. The
 * probabilities stay at `p` [length, length]; what no query sees is arbitrary there.
 */
export function attention(
  length: usize,
  size: usize,
  queries: usize,
  q: usize,
  k: usize,
  v: usize,
  line: usize,
  p: usize,
  y: usize,
  yLine: usize,
  scale: f32,
  scratch: usize,
): void {
  const pLine: usize = 4 * length;
  for (let at: usize = 0; at < length; at += queries) {
    const count = min(queries, length - at);
    const seen = at + count;
    const here = p + at * pLine;
    product(count, seen, size, q + at * line, line, 4, k, 4, line, 0, 0, here, pLine, scratch);
    softmax(here, pLine, count, seen, at + 1, scale);
    product(count, size, seen, here, pLine, 4, v, line, 4, 0, 0, y + at * yLine, yLine, scratch);
  }
}

/** Writes dq, and adds to dk and dv; they stand to each other as q, k and v do. `ds` has room for `queries` lines of p. */
export function attentionBackward(
  length: usize,
  size: usize,
  queries: usize,
  q: usize,
  k: usize,
  v: usize,
  line: usize,
  p: usize,
  dy: usize,
  dyLine: usize,
  dq: usize,
  dk: usize,
  dv: usize,
  scale: f32,
  ds: usize,
  scratch: usize,
): void {
  const pLine: usize = 4 * length;
  for (let at: usize = 0; at < length; at += queries) {
    const count = min(queries, length - at);
    const seen = at + count;
    const here = p + at * pLine;
    const slopes = dy + at * dyLine;
    product(count, seen, size, slopes, dyLine, 4, v, 4, line, 0, 0, ds, pLine, scratch);
    softmaxBackward(here, pLine, ds, pLine, count, seen, at + 1, scale);
    product(count, size, seen, ds, pLine, 4, k, line, 4, 0, 0, dq + at * line, line, scratch);
    product(seen, size, count, ds, 4, pLine, q + at * line, line, 4, dk, line, dk, line, scratch);
    product(seen, size, count, here, 4, pLine, slopes, dyLine, 4, dv, line, dv, line, scratch);
  }
}
