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
  told: [
    ({ a, b }) => `What are the last three digits of ${a} times ${b}?`,
    ({ a, b }) => `Give the last digits, three of them, of ${a} * ${b}.`,
    ({ a, b }) => `Compute ${a} * ${b} and keep the last three digits.`,
    ({ a, b }, { person, things }) =>
      `${person} has ${a} boxes of ${b} ${things}. How many ${things} are left in groups of 1000?`,
    ({ a, b }) => `Divide ${a} * ${b} by 1000. What is the remainder?`,
    ({ a, b }) => `The product of ${a} and ${b} ends in three digits. Which?`,
    ({ a, b }) => `Multiply ${a} by ${b}, then take the remainder by 1000.`,
    ({ a, b }) => `Take ${a} times ${b} mod 1000.`,
    ({ a, b }) => `Take the product of ${a} and ${b}. Which are its last three digits?`,
    ({ a, b }) => `${a} is multiplied by ${b}. Give the last three digits of the result.`,
    ({ a, b }) => `What is left when ${a} times ${b} is divided by 1000?`,
    ({ a, b }) => `Find the number that the last three digits of ${a} * ${b} make.`,
  ],
  unseen: [({ a, b }) => `Multiply ${a} and ${b}. What are the last three digits?`],
  worked: ({ a, b }) => [[...productLines(a, b), divisionLine(a * b, 1000)]],
  programs: ({ a, b }) => [`print(${a}*${b}%1000)`, `x=${a}*${b}\nprint(x%1000)`],
});
