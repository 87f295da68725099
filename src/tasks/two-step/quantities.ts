/**
 * What a two-step question is about: a number given as itself, or by a first step. Each has its words, its Python and
 * the lines that work it out by hand.
 */
import type { Rng } from "../../core/rng";
import { intByLevel, pairWithDivisor } from "../define-family";
import type { Level } from "../task";
import { divisionLine, euclidLines, powerLines, productLines } from "../worked";
import { divisorsOf, greatestCommonDivisor, primesIn, span, sumOf } from "../whole-numbers";

/** A number, and how one comes by it. */
export interface Quantity {
  /** A noun phrase: "the greatest common divisor of 12 and 18". */
  words: string;
  value: number;
  /** Statements that have to run first, imports among them. */
  before: readonly string[];
  /** A Python expression of its value. */
  python: string;
  /** Worked lines, the last of which ends in its value; none where the value is given. */
  worked: readonly string[];
}

export type QuantityKind = (rng: Rng, level: Level) => Quantity;

export const plain = (words: string, value: number, python: string, worked: readonly string[]): Quantity => ({
  words,
  value,
  before: [],
  python,
  worked,
});

export const withMath = (words: string, value: number, python: string, worked: readonly string[]): Quantity => ({
  ...plain(words, value, python, worked),
  before: ["import math"],
});

const number: QuantityKind = (rng, level) => {
  const n = intByLevel(rng, level, [5, 99], [20, 999], [100, 99_999]);
  return plain(String(n), n, String(n), []);
};

export const powerOf = (base: number, exponent: number): Quantity =>
  plain(`${base}^${exponent}`, base ** exponent, `${base}**${exponent}`, powerLines(base, exponent));

const power: QuantityKind = (rng, level) =>
  powerOf(intByLevel(rng, level, [2, 31], [2, 31], [3, 39]), intByLevel(rng, level, [2, 3], [2, 5], [2, 8]));

const product: QuantityKind = (rng, level) => {
  const a = intByLevel(rng, level, [3, 59], [11, 99], [41, 299]);
  const b = intByLevel(rng, level, [2, 19], [5, 49], [41, 299]);
  return plain(`the product of ${a} and ${b}`, a * b, `${a}*${b}`, productLines(a, b));
};

export function multiplesSumOf(step: number, limit: number): Quantity {
  const count = Math.floor(limit / step);
  const triangular = (count * (count + 1)) / 2;
  return plain(
    `the sum of all multiples of ${step} up to ${limit}`,
    step * triangular,
    `sum(range(${step},${limit}+1,${step}))`,
    [divisionLine(limit, step), `${count}*${count + 1}/2=${triangular}`, `${step}*${triangular}=${step * triangular}`],
  );
}

const multiplesSum: QuantityKind = (rng, level) =>
  multiplesSumOf(
    intByLevel(rng, level, [2, 9], [3, 12], [4, 15]),
    intByLevel(rng, level, [12, 40], [40, 120], [100, 900]),
  );

const pair = (rng: Rng, level: Level): { a: number; b: number; divisor: number } => {
  const { a, b } = pairWithDivisor(rng, intByLevel(rng, level, [2, 24], [5, 60], [20, 200]), [1, 9]);
  return { a, b, divisor: greatestCommonDivisor(a, b) };
};

const divisor: QuantityKind = (rng, level) => {
  const { a, b, divisor: value } = pair(rng, level);
  const words = `the greatest common divisor of ${a} and ${b}`;
  return withMath(words, value, `math.gcd(${a},${b})`, [...euclidLines(a, b), `so ${value}`]);
};

const multiple: QuantityKind = (rng, level) => {
  const { a, b, divisor: common } = pair(rng, level);
  const value = (a / common) * b;
  const words = `the least common multiple of ${a} and ${b}`;
  const worked = [...euclidLines(a, b), `${a}/${common}=${a / common}`, `${a / common}*${b}=${value}`];
  return withMath(words, value, `math.lcm(${a},${b})`, worked);
};

const fibonacci: QuantityKind = (rng, level) => {
  const n = intByLevel(rng, level, [6, 14], [10, 20], [15, 23]);
  const row = [1, 1];
  while (row.length < n) row.push(row[row.length - 1] + row[row.length - 2]);
  return {
    words: `the Fibonacci number F(${n})`,
    value: row[n - 1],
    before: ["a,b=0,1", `for i in range(${n}): a,b=b,a+b`],
    python: "a",
    worked: [row.join(" ")],
  };
};

const choice: QuantityKind = (rng, level) => {
  const n = intByLevel(rng, level, [5, 12], [8, 16], [12, 26]);
  const k = rng.int(2, Math.min(5, n - 2));
  let value = 1;
  const lines = span([1, k]).map((i) => {
    const from = value;
    value = (value * (n - i + 1)) / i;
    return `${from}*${n - i + 1}/${i}=${value}`;
  });
  return withMath(`C(${n},${k})`, value, `math.comb(${n},${k})`, lines);
};

const divisorSum: QuantityKind = (rng, level) => {
  const n = intByLevel(rng, level, [6, 48], [40, 150], [150, 480]);
  const divisors = divisorsOf(n);
  const value = sumOf(divisors);
  const python = `sum(d for d in range(1,${n}+1) if ${n}%d==0)`;
  return plain(`the sum of the divisors of ${n}`, value, python, [`${divisors.join("+")}=${value}`]);
};

const primeCount: QuantityKind = (rng, level) => {
  const limit = intByLevel(rng, level, [10, 40], [30, 70], [60, 100]);
  const primes = primesIn(2, limit);
  const python = `sum(all(n%i for i in range(2,n)) for n in range(2,${limit}+1))`;
  return plain(`the number of primes up to ${limit}`, primes.length, python, [primes.join(" "), `so ${primes.length}`]);
};

/** By the name that a family of two steps has them under. */
export const quantities = {
  number,
  power,
  product,
  "multiples-sum": multiplesSum,
  gcd: divisor,
  lcm: multiple,
  fibonacci,
  choice,
  "divisor-sum": divisorSum,
  "prime-count": primeCount,
} satisfies Record<string, QuantityKind>;
