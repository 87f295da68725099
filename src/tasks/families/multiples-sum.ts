import { defineFamily, intByLevel } from "../define-family";
import { divisionLine } from "../worked";
import { span } from "../whole-numbers";

const sumOfMultiples = ({ step, limit }: { step: number; limit: number }): number => {
  const count = Math.floor(limit / step);
  return (step * count * (count + 1)) / 2;
};

/** The sum of the multiples of a number up to a limit. */
export const multiplesSum = defineFamily<{ step: number; limit: number }>({
  name: "multiples-sum",
  kind: "computation",
  draw: (rng, level) => ({
    step: intByLevel(rng, level, [3, 9], [3, 12], [5, 19]),
    limit: intByLevel(rng, level, [15, 35], [30, 75], [80, 180]),
  }),
  answer: sumOfMultiples,
  seen: [
    ({ step, limit }) => `Find the sum of all multiples of ${step} up to ${limit}.`,
    ({ step, limit }) => `What is the sum of the multiples of ${step} up to ${limit}?`,
  ],
  told: [
    ({ step, limit }) => `Add all multiples of ${step} that are at most ${limit}.`,
    ({ step, limit }) => `What do the multiples of ${step} up to ${limit} add up to?`,
    ({ step, limit }) => `Count by ${step} up to ${limit} and add all the numbers.`,
    ({ step, limit }) => `Take every number from 1 to ${limit} that ${step} divides. What is their sum?`,
    ({ step, limit }) => `Sum the positive multiples of ${step}, at most ${limit}.`,
    ({ step, limit }, { person }) => `${person} writes the multiples of ${step} up to ${limit}. Add them.`,
    ({ step, limit }) => `Every number up to ${limit} that is divisible by ${step}: find the sum.`,
    ({ step, limit }) => `Give the sum of ${step}, ${2 * step} and so on up to ${limit}.`,
    ({ step, limit }) => `Which sum do all numbers up to ${limit} have that are multiples of ${step}?`,
    ({ step, limit }) => `Add each number that is at most ${limit} and divisible by ${step}.`,
    ({ step, limit }, { person }) =>
      `${person} adds every number which ${step} divides, from 1 to ${limit}. What is the result?`,
    ({ step, limit }) => `Of all positive numbers up to ${limit}, take those that ${step} divides and add them.`,
    ({ step, limit }) => `Find the sum of every positive multiple of ${step} that is at most ${limit}.`,
    ({ step, limit }) => `How much are the multiples of ${step} together, if the last is at most ${limit}?`,
  ],
  unseen: [({ step, limit }) => `Add every positive number at most ${limit} that ${step} divides.`],
  worked: (numbers, level) => {
    const { step, limit } = numbers;
    const count = Math.floor(limit / step);
    const triangular = (count * (count + 1)) / 2;
    const formula = [
      divisionLine(limit, step),
      `${count}*${count + 1}/2=${triangular}`,
      `${step}*${triangular}=${sumOfMultiples(numbers)}`,
    ];
    const added = [
      `${span([1, count])
        .map((index) => step * index)
        .join("+")}=${sumOfMultiples(numbers)}`,
    ];
    return level === 1 && count > 1 ? [formula, added] : [formula];
  },
  programs: ({ step, limit }) => [
    `print(sum(range(${step},${limit}+1,${step})))`,
    `print(sum(i for i in range(1,${limit}+1) if i%${step}==0))`,
  ],
});
