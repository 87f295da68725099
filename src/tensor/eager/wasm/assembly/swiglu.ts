/** SwiGLU of lines that hold gate and up side by side, `width` numbers each. */
import { exp, madd, put, take } from "./vector";

function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

export function swiglu(lines: usize, width: usize, x: usize, y: usize): void {
  const up: usize = 4 * width;
  for (let line: usize = 0; line < lines; line++, x += 2 * up, y += up) {
    for (let i: usize = 0; i < width; i += 4) {
      const left = width - i;
      const gate = take(x + 4 * i, left);
      put(y + 4 * i, left, f32x4.mul(f32x4.mul(gate, sigmoid(gate)), take(x + up + 4 * i, left)));
    }
  }
}

export function swigluBackward(lines: usize, width: usize, x: usize, dy: usize, dx: usize): void {
  const up: usize = 4 * width;
  const one = f32x4.splat(1);
  for (let line: usize = 0; line < lines; line++, x += 2 * up, dx += 2 * up, dy += up) {
    for (let i: usize = 0; i < width; i += 4) {
      const left = width - i;
      const gate = take(x + 4 * i, left);
      const s = sigmoid(gate);
      const slope = f32x4.mul(take(dy + 4 * i, left), s);
      const bend = madd(gate, f32x4.sub(one, s), one);
      put(dx + 4 * i, left, f32x4.mul(f32x4.mul(slope, take(x + up + 4 * i, left)), bend));
      put(dx + up + 4 * i, left, f32x4.mul(slope, gate));
    }
  }
}
