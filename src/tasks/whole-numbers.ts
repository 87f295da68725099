/** Arithmetic of whole numbers that families share. */

/** All whole numbers of an inclusive range; none where it is empty. */
export function span([low, high]: readonly [low: number, high: number]): number[] {
  return Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => low + index);
}

/** The sum of a list. */
export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Euclid's algorithm. */
export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

export function leastCommonMultiple(a: number, b: number): number {
  return (a * b) / greatestCommonDivisor(a, b);
}

/** C(n,k): the ways to choose k of n. */
export function choose(n: number, k: number): number {
  return span([1, k]).reduce((value, i) => (value * (n - i + 1)) / i, 1);
}

export function divisorsOf(n: number): number[] {
  return span([1, n]).filter((d) => n % d === 0);
}

export function isPrime(n: number): boolean {
  return n > 1 && span([2, Math.floor(Math.sqrt(n))]).every((d) => n % d !== 0);
}

/** The primes of an inclusive range. */
export function primesIn(low: number, high: number): number[] {
  return span([low, high]).filter(isPrime);
}
