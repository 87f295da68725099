/** The optimizer's passes over a parameter of `count` numbers. */
import { madd, put, take } from "./vector";

/** The sum of squares, in double precision. */
export function squares(count: usize, x: usize): f64 {
  let sums = f64x2.splat(0);
  for (let i: usize = 0; i < count; i += 4) {
    const all = take(x + 4 * i, count - i);
    const low = f64x2.promote_low_f32x4(all);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(all, all, 2, 3, 0, 1));
    sums = f64x2.add(sums, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
  }
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** One step: `kept` is what decay leaves of a weight, `rate` and `correction` have the moments' biases in them. */
export function adamW(
  count: usize,
  weight: usize,
  gradient: usize,
  first: usize,
  second: usize,
  nextWeight: usize,
  nextFirst: usize,
  nextSecond: usize,
  gradientScale: f32,
  beta1: f32,
  beta2: f32,
  kept: f32,
  rate: f32,
  correction: f32,
  epsilon: f32,
): void {
  const old1 = f32x4.splat(beta1);
  const old2 = f32x4.splat(beta2);
  const new1 = f32x4.splat(1 - beta1);
  const new2 = f32x4.splat(1 - beta2);
  for (let i: usize = 0; i < count; i += 4) {
    const left = count - i;
    const g = f32x4.mul(take(gradient + 4 * i, left), f32x4.splat(gradientScale));
    const m = madd(take(first + 4 * i, left), old1, f32x4.mul(g, new1));
    const v = madd(take(second + 4 * i, left), old2, f32x4.mul(f32x4.mul(g, g), new2));
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(v, f32x4.splat(correction))), f32x4.splat(epsilon));
    const update = f32x4.div(f32x4.mul(m, f32x4.splat(rate)), root);
    put(nextFirst + 4 * i, left, m);
    put(nextSecond + 4 * i, left, v);
    put(nextWeight + 4 * i, left, f32x4.sub(f32x4.mul(take(weight + 4 * i, left), f32x4.splat(kept)), update));
  }
}
