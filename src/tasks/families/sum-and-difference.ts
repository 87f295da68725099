import { defineFamily, intByLevel } from "../define-family";

interface Numbers {
  sum: number;
  difference: number;
}

/** x + y = s and x - y = d. */
export const sumAndDifference = defineFamily<Numbers>({
  name: "sum-and-difference",
  kind: "equations",
  draw: (rng, level) => {
    const large = intByLevel(rng, level, [5, 30], [20, 150], [200, 999]);
    const small = rng.int(1, large - 1);
    return { sum: large + small, difference: large - small };
  },
  answer: ({ sum, difference }) => (sum + difference) / 2,
  seen: [
    ({ sum, difference }) => `Two numbers have sum ${sum} and difference ${difference}. Find the larger.`,
    ({ sum, difference }) => `Find x with x + y = ${sum} and x - y = ${difference}.`,
  ],
  told: [
    ({ sum, difference }, { person, friend, things }) =>
      `${person} and ${friend} share ${sum} ${things}. ${person} gets ${difference} more. What does ${person} get?`,
    ({ sum, difference }) =>
      `The sum of two numbers is ${sum} and one is ${difference} more than the other. What is the bigger?`,
    ({ sum, difference }) => `If x + y = ${sum} and x - y = ${difference}, what is x?`,
    ({ sum, difference }) => `Two numbers add to ${sum}. Their difference is ${difference}. Which is the larger?`,
    ({ sum, difference }, { person, friend, things }) =>
      `There are ${sum} ${things}, and ${friend} has ${difference} less than ${person}. How many are with ${person}?`,
    ({ sum, difference }) => `Split ${sum} in two numbers so that one is ${difference} more. Give the larger.`,
    ({ sum, difference }, { person, friend, things }) =>
      `Together ${person} and ${friend} have ${sum} ${things}, but ${person} has more, by ${difference}. How many is that?`,
    ({ sum, difference }) =>
      `The bigger of two numbers is ${difference} more than the other, and the sum is ${sum}. Find it.`,
    ({ sum, difference }, { person, friend, things }) =>
      `${person} has ${difference} ${things} more than ${friend}. They have ${sum} together. How many has ${person}?`,
    ({ sum, difference }, { person, friend, things }) =>
      `How many ${things} has ${person}, who has ${difference} more than ${friend}, if both have ${sum}?`,
    ({ sum, difference }, { person, friend, things }) =>
      `In all there are ${sum} ${things}: ${person}'s and ${friend}'s. ${person}'s are ${difference} more. Count them.`,
    ({ sum, difference }) => `Which number x has x + y = ${sum} and is ${difference} more than y?`,
  ],
  unseen: [
    ({ sum, difference }) =>
      `Ann and Bob have ${sum} coins. Ann has ${difference} more than Bob. How many coins has Ann?`,
  ],
  worked: ({ sum, difference }) => {
    const double = sum + difference;
    return [[`${sum}+${difference}=${double}`, `${double}/2=${double / 2}`]];
  },
  programs: ({ sum, difference }) => [`print((${sum}+${difference})//2)`, `x=${sum}+${difference}\nprint(x//2)`],
});
