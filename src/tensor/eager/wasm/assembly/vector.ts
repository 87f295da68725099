/** Four numbers at a time. Addresses and strides count bytes; lengths count numbers, which are f32 of four bytes. */

/** a b + c, rounded twice, so that every processor finds the same. */
export function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The numbers at `at`, of which `left` are there; `fill` in place of the others. */
export function take(at: usize, left: usize, fill: f32 = 0): v128 {
  if (left >= 4) return v128.load(at);
  let all = f32x4.replace_lane(f32x4.splat(fill), 0, load<f32>(at));
  if (left > 1) all = f32x4.replace_lane(all, 1, load<f32>(at, 4));
  if (left > 2) all = f32x4.replace_lane(all, 2, load<f32>(at, 8));
  return all;
}

/** Stores as many of the numbers as there is room for: `left`. */
export function put(at: usize, left: usize, all: v128): void {
  if (left >= 4) {
    v128.store(at, all);
    return;
  }
  v128.store_lane<f32>(at, all, 0);
  if (left > 1) v128.store_lane<f32>(at, all, 1, 4);
  if (left > 2) v128.store_lane<f32>(at, all, 2, 8);
}

export function sumOf(all: v128): f32 {
  const halves = f32x4.add(all, v128.shuffle<f32>(all, all, 2, 3, 0, 1));
  return f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1);
}

export function largestOf(all: v128): f32 {
  const halves = f32x4.max(all, v128.shuffle<f32>(all, all, 2, 3, 0, 1));
  return max(f32x4.extract_lane(halves, 0), f32x4.extract_lane(halves, 1));
}

/** exp to 2 ulp, as Cephes has it: 2^n times a polynomial on half a power of two; 0 where that would be denormal. */
export function exp(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(f32x4.min(x, f32x4.splat(88.0)), f32x4.splat(1.44269504)));
  // The logarithm of 2 in two parts, of which the first times n is exact.
  const r = madd(n, f32x4.splat(2.1219444e-4), madd(n, f32x4.splat(-0.693359375), x));
  let y = f32x4.splat(1.98756915e-4);
  y = madd(y, r, f32x4.splat(1.3981999507e-3));
  y = madd(y, r, f32x4.splat(8.3334519073e-3));
  y = madd(y, r, f32x4.splat(4.1665795894e-2));
  y = madd(y, r, f32x4.splat(1.6666665459e-1));
  y = madd(y, r, f32x4.splat(5.0000001201e-1));
  y = madd(f32x4.mul(y, r), r, f32x4.add(r, f32x4.splat(1)));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(y, power), f32x4.lt(x, f32x4.splat(-87.3)));
}
