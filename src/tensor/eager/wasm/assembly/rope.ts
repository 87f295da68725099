/** Turns the first `heads` heads of each line, of which `rest` numbers follow as they are. */
import { madd, put, take } from "./vector";

/** `angles` holds for each line the cosines and then the sines of half a head; `sign` is -1 to turn back. */
export function rope(
  lines: usize,
  heads: usize,
  size: usize,
  rest: usize,
  x: usize,
  angles: usize,
  y: usize,
  sign: f32,
): void {
  const half = size / 2;
  const signs = f32x4.splat(sign);
  for (let line: usize = 0; line < lines; line++, angles += 4 * size) {
    for (let head: usize = 0; head < heads; head++, x += 4 * size, y += 4 * size) {
      for (let i: usize = 0; i < half; i += 4) {
        const left = half - i;
        const cosine = take(angles + 4 * i, left);
        const sine = f32x4.mul(signs, take(angles + 4 * (half + i), left));
        const first = take(x + 4 * i, left);
        const second = take(x + 4 * (half + i), left);
        put(y + 4 * i, left, madd(first, cosine, f32x4.neg(f32x4.mul(second, sine))));
        put(y + 4 * (half + i), left, madd(second, cosine, f32x4.mul(first, sine)));
      }
    }
    memory.copy(y, x, 4 * rest);
    x += 4 * rest;
    y += 4 * rest;
  }
}
