/** Log-probabilities of tokens and entropies, from lines of `width` logits. */
import { exp, largestOf, madd, put, sumOf, take } from "./vector";

/** JavaScript's. */
declare function log(x: f64): f64;

const unlikely: f32 = -1e9;

/** Also writes each line's normaliser, the logarithm of the sum of exp(logits). */
export function tokenLogprob(
  lines: usize,
  width: usize,
  logits: usize,
  targets: usize,
  logprobs: usize,
  entropies: usize,
  normalisers: usize,
): void {
  for (let line: usize = 0; line < 4 * lines; line += 4, logits += 4 * width) {
    let best = f32x4.splat(unlikely);
    for (let i: usize = 0; i < width; i += 4) best = f32x4.max(best, take(logits + 4 * i, width - i, unlikely));
    const largest = f32x4.splat(largestOf(best));
    let sum = f32x4.splat(0);
    let mean = sum;
    for (let i: usize = 0; i < width; i += 4) {
      const x = f32x4.sub(take(logits + 4 * i, width - i, unlikely), largest);
      const e = exp(x);
      sum = f32x4.add(sum, e);
      mean = madd(e, x, mean);
    }
    const total = sumOf(sum);
    const above: f32 = f32(log(total));
    const normaliser: f32 = largestOf(largest) + above;
    store<f32>(normalisers + line, normaliser);
    store<f32>(entropies + line, above - sumOf(mean) / total);
    store<f32>(logprobs + line, load<f32>(logits + 4 * load<usize>(targets + line)) - normaliser);
  }
}

/** dlogits = dy (one-hot target - p) */
export function tokenLogprobBackward(
  lines: usize,
  width: usize,
  logits: usize,
  targets: usize,
  normalisers: usize,
  dy: usize,
  dlogits: usize,
): void {
  for (let line: usize = 0; line < 4 * lines; line += 4, logits += 4 * width, dlogits += 4 * width) {
    const normaliser = f32x4.splat(load<f32>(normalisers + line));
    const slope = load<f32>(dy + line);
    const pull = f32x4.splat(-slope);
    for (let i: usize = 0; i < width; i += 4) {
      const p = exp(f32x4.sub(take(logits + 4 * i, width - i), normaliser));
      put(dlogits + 4 * i, width - i, f32x4.mul(pull, p));
    }
    const target = dlogits + 4 * load<usize>(targets + line);
    store<f32>(target, load<f32>(target) + slope);
  }
}

/** dlogits = -dy p (log p + entropy) */
export function entropyBackward(
  lines: usize,
  width: usize,
  logits: usize,
  entropies: usize,
  normalisers: usize,
  dy: usize,
  dlogits: usize,
): void {
  for (let line: usize = 0; line < 4 * lines; line += 4, logits += 4 * width, dlogits += 4 * width) {
    const normaliser = f32x4.splat(load<f32>(normalisers + line));
    const entropy = f32x4.splat(load<f32>(entropies + line));
    const pull = f32x4.splat(-load<f32>(dy + line));
    for (let i: usize = 0; i < width; i += 4) {
      const logprob = f32x4.sub(take(logits + 4 * i, width - i), normaliser);
      const slope = f32x4.mul(exp(logprob), f32x4.add(logprob, entropy));
      put(dlogits + 4 * i, width - i, f32x4.mul(pull, slope));
    }
  }
}
