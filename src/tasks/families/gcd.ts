import { byLevel, defineFamily, intByLevel, pairWithDivisor } from "../define-family";
import { euclidLines } from "../worked";
import { greatestCommonDivisor } from "../whole-numbers";

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
  told: [
    ({ a, b }) => `What is the largest divisor that ${a} and ${b} share?`,
    ({ a, b }) => `Which is the biggest number that divides ${a} and also ${b}?`,
    ({ a, b }) => `Give the gcd of ${a} and ${b}.`,
    ({ a, b }, { person, friend, things }) =>
      `${person} has ${a} ${things}, ${friend} has ${b}. Both make groups of one size, and none are left. How large can it be?`,
    ({ a, b }) => `Two lines are ${a} and ${b} long. Both are cut in parts of one length. How long can a part be?`,
    ({ a, b }) => `The numbers ${a} and ${b} are both divisible by it. What is the largest such number?`,
    ({ a, b }) => `Find the largest common divisor of ${a} and ${b}.`,
    ({ a, b }) => `Take ${a} and ${b}: which greatest number divides both?`,
    ({ a, b }) => `Of all numbers that divide ${a} and ${b}, which is the largest?`,
    ({ a, b }) => `By which greatest number are ${a} and ${b} both divisible?`,
    ({ a, b }) => `Find the biggest common divisor of ${a} and ${b}.`,
    ({ a, b }, { person }) =>
      `${person} writes all that divides ${a} and all that divides ${b}. Which is the largest number in both?`,
  ],
  unseen: [({ a, b }) => `What is the largest number that divides both ${a} and ${b}?`],
  worked: ({ a, b }) => [[...euclidLines(a, b), `so ${greatestCommonDivisor(a, b)}`]],
  programs: ({ a, b }) => [`import math\nprint(math.gcd(${a},${b}))`, `from math import gcd\nprint(gcd(${a},${b}))`],
});
