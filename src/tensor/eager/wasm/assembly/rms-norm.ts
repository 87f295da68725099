/** RMSNorm of lines of `width` numbers. */
import { madd, put, sumOf, take } from "./vector";

/** 1 / sqrt(the mean of x^2 + epsilon) */
function scaleOf(x: usize, width: usize, epsilon: f32): f32 {
  let squares = f32x4.splat(0);
  for (let i: usize = 0; i < width; i += 4) {
    const value = take(x + 4 * i, width - i);
    squares = madd(value, value, squares);
  }
  return 1 / sqrt<f32>(sumOf(squares) / f32(width) + epsilon);
}

export function rmsNorm(lines: usize, width: usize, x: usize, gain: usize, y: usize, epsilon: f32): void {
  const line: usize = 4 * width;
  for (let row: usize = 0; row < lines; row++, x += line, y += line) {
    const scale = f32x4.splat(scaleOf(x, width, epsilon));
    for (let i: usize = 0; i < width; i += 4) {
      const left = width - i;
      put(y + 4 * i, left, f32x4.mul(f32x4.mul(take(x + 4 * i, left), scale), take(gain + 4 * i, left)));
    }
  }
}

/** Writes dx, and adds to dgain. */
export function rmsNormBackward(
  lines: usize,
  width: usize,
  x: usize,
  gain: usize,
  dy: usize,
  dx: usize,
  dgain: usize,
  epsilon: f32,
): void {
  const line: usize = 4 * width;
  for (let row: usize = 0; row < lines; row++, x += line, dy += line, dx += line) {
    const r = scaleOf(x, width, epsilon);
    let dot = f32x4.splat(0);
    for (let i: usize = 0; i < width; i += 4) {
      const left = width - i;
      dot = madd(take(x + 4 * i, left), f32x4.mul(take(dy + 4 * i, left), take(gain + 4 * i, left)), dot);
    }
    const scale = f32x4.splat(r);
    const pull = f32x4.splat((-r * r * r * sumOf(dot)) / f32(width));
    for (let i: usize = 0; i < width; i += 4) {
      const left = width - i;
      const value = take(x + 4 * i, left);
      const slope = f32x4.mul(take(dy + 4 * i, left), scale);
      put(dgain + 4 * i, left, madd(slope, value, take(dgain + 4 * i, left)));
      put(dx + 4 * i, left, madd(pull, value, f32x4.mul(slope, take(gain + 4 * i, left))));
    }
  }
}
