import { byLevel, defineFamily, greatestCommonDivisor, intByLevel, pairWithDivisor } from "../define-family";
import { euclidLines } from "../worked";

/** The least common multiple of two numbers. */
export const lcm = defineFamily<{ a: number; b: number }>({
  name: "lcm",
  kind: "number-theory",
  draw: (rng, level) =>
    pairWithDivisor(rng, intByLevel(rng, level, [1, 5], [2, 8], [3, 15]), byLevel(level, [2, 9], [2, 15], [3, 19])),
  answer: ({ a, b }) => (a * b) / greatestCommonDivisor(a, b),
  seen: [
    ({ a, b }) => `Find the least common multiple of ${a} and ${b}.`,
    ({ a, b }) => `What is the least common multiple of ${a} and ${b}?`,
    ({ a, b }) => `Find lcm(${a},${b}).`,
  ],
  unseen: [({ a, b }) => `Two lamps blink together now, one every ${a} and one every ${b} seconds. When again?`],
  worked: ({ a, b }) => {
    const divisor = greatestCommonDivisor(a, b);
    return [[...euclidLines(a, b), `${a}/${divisor}=${a / divisor}`, `${a / divisor}*${b}=${(a * b) / divisor}`]];
  },
  programs: ({ a, b }) => [`import math\nprint(math.lcm(${a},${b}))`, `from math import lcm\nprint(lcm(${a},${b}))`],
});
