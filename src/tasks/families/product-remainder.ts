import { defineFamily, intByLevel } from "../define-family";
import { divisionLine, productLines } from "../worked";

/** The last three digits of a product; answers below 1000 need no reduction. */
export const productRemainder = defineFamily<{ a: number; b: number }>({
  name: "product-remainder",
  kind: "computation",
  draw: (rng, level) => ({
    a: intByLevel(rng, level, [3, 15], [12, 99], [101, 499]),
    b: intByLevel(rng, level, [3, 15], [12, 99], [101, 499]),
  }),
  answer: ({ a, b }) => (a * b) % 1000,
  seen: [
    ({ a, b }) => `Find the remainder when ${a} * ${b} is divided by 1000.`,
    ({ a, b }) => `What is ${a} * ${b} mod 1000?`,
    ({ a, b }) => `Find ${a} * ${b} mod 1000.`,
  ],
  unseen: [({ a, b }) => `Multiply ${a} and ${b}. What are the last three digits?`],
  worked: ({ a, b }) => [[...productLines(a, b), divisionLine(a * b, 1000)]],
  programs: ({ a, b }) => [`print(${a}*${b}%1000)`, `x=${a}*${b}\nprint(x%1000)`],
});
