import { byLevel, defineFamily, greatestCommonDivisor, intByLevel, pairWithDivisor } from "../define-family";
import { euclidLines } from "../worked";

/** The greatest common divisor of two numbers. */
export const gcd = defineFamily<{ a: number; b: number }>({
  name: "gcd",
  kind: "number-theory",
  draw: (rng, level) =>
    pairWithDivisor(rng, intByLevel(rng, level, [2, 15], [3, 25], [5, 39]), byLevel(level, [1, 6], [2, 16], [5, 24])),
  answer: ({ a, b }) => greatestCommonDivisor(a, b),
  seen: [
    ({ a, b }) => `Find the greatest common divisor of ${a} and ${b}.`,
    ({ a, b }) => `What is the greatest common divisor of ${a} and ${b}?`,
    ({ a, b }) => `Find gcd(${a},${b}).`,
  ],
  unseen: [({ a, b }) => `What is the largest number that divides both ${a} and ${b}?`],
  worked: ({ a, b }) => [[...euclidLines(a, b), `so ${greatestCommonDivisor(a, b)}`]],
  programs: ({ a, b }) => [`import math\nprint(math.gcd(${a},${b}))`, `from math import gcd\nprint(gcd(${a},${b}))`],
});
