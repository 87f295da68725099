/**
 * pass@k without bias (Chen et al. 2021; method of the paper's section 3): of `n` samples `c` are right; the chance that
 * `k` of them, drawn without putting back, hold at least one right one is 1 - C(n - c, k) / C(n, k).
 */

/**
 * The quotient of binomials as a product, so that no number grows large: 1 - prod (1 - k / i) over i = n - c + 1 .. n.
 * Throws a RangeError unless 0 <= c <= n and 1 <= k <= n, all whole.
 */
export function passAtK(n: number, c: number, k: number): number {
  const isWhole = [n, c, k].every((value) => Number.isInteger(value));
  if (!isWhole || c < 0 || c > n || k < 1 || k > n) {
    throw new RangeError(`passAtK(${n}, ${c}, ${k}): give 0 <= c <= n and 1 <= k <= n`);
  }
  if (n - c < k) return 1;
  let allWrong = 1;
  for (let i = n - c + 1; i <= n; i++) allWrong *= 1 - k / i;
  return 1 - allWrong;
}
