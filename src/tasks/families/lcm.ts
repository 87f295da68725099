import { byLevel, defineFamily, intByLevel, pairWithDivisor } from "../define-family";
import { euclidLines } from "../worked";
import { greatestCommonDivisor } from "../whole-numbers";

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
  told: [
    ({ a, b }) => `What is the first number that both ${a} and ${b} divide?`,
    ({ a, b }) => `Give the lcm of ${a} and ${b}.`,
    ({ a, b }) => `Which is the least number that is divisible by ${a} and by ${b}?`,
    ({ a, b }, { person, friend }) =>
      `${person} runs a round in ${a} seconds and ${friend} in ${b}. They start together. When are they together again?`,
    ({ a, b }, { signals }) =>
      `The ${signals} every ${a} seconds and every ${b} seconds. Now they do it together. When is the next time?`,
    ({ a, b }) => `Find the first number that is a multiple of ${a} and of ${b}.`,
    ({ a, b }, { signals }) =>
      `Two ${signals}: the first every ${a} seconds, the other every ${b}, and now both. After how many seconds both again?`,
    ({ a, b }) => `Take ${a} and ${b}: which is their least common multiple?`,
    ({ a, b }, { person, friend }) =>
      `Every ${a} days ${person} comes, every ${b} days ${friend}. Today both do. In how many days is that again?`,
    ({ a, b }, { signals }) =>
      `One of two ${signals} every ${a} seconds. For the other it is ${b} seconds. Now they start together. How long until the next time?`,
    ({ a, b }) => `Which first number do both ${a} and ${b} divide?`,
    ({ a, b }) => `When are two again together, one with a round of ${a} seconds and one with a round of ${b} seconds?`,
    ({ a, b }) => `Count by ${a} and count by ${b}. Which number comes first in both?`,
  ],
  unseen: [({ a, b }) => `Two lamps blink together now, one every ${a} and one every ${b} seconds. When again?`],
  worked: ({ a, b }) => {
    const divisor = greatestCommonDivisor(a, b);
    return [[...euclidLines(a, b), `${a}/${divisor}=${a / divisor}`, `${a / divisor}*${b}=${(a * b) / divisor}`]];
  },
  programs: ({ a, b }) => [`import math\nprint(math.lcm(${a},${b}))`, `from math import lcm\nprint(lcm(${a},${b}))`],
});
