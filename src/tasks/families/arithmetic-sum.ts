import { defineFamily, intByLevel } from "../define-family";

interface Numbers {
  first: number;
  step: number;
  count: number;
}

const last = ({ first, step, count }: Numbers): number => first + step * (count - 1);

const sum = (numbers: Numbers): number => ((numbers.first + last(numbers)) * numbers.count) / 2;

/** The sum of an arithmetic sequence. */
export const arithmeticSum = defineFamily<Numbers>({
  name: "arithmetic-sum",
  kind: "sequences",
  draw: (rng, level) => ({
    first: intByLevel(rng, level, [1, 9], [2, 20], [10, 50]),
    step: intByLevel(rng, level, [2, 5], [3, 9], [4, 15]),
    count: intByLevel(rng, level, [4, 7], [6, 12], [8, 16]),
  }),
  answer: sum,
  seen: [
    ({ first, step, count }) =>
      `A sequence has first term ${first} and difference ${step}. Find the sum of ${count} terms.`,
    ({ first, step, count }) =>
      `What is the sum of the sequence with first term ${first}, difference ${step} and ${count} terms?`,
  ],
  told: [
    ({ first, step, count }) =>
      `Add ${count} terms of the sequence that starts with ${first} and has difference ${step}.`,
    ({ first, step, count }) =>
      `A sequence starts with ${first} and each term is ${step} more. What is the sum of ${count} terms?`,
    ({ first, step, count }, { person, things }) =>
      `${person} puts ${first} ${things} in the first row and ${step} more in each row after. How many are in ${count} rows?`,
    ({ first, step, count }, { person, pronoun, things }) =>
      `Each day ${person} saves ${step} ${things} more than the day before, ${first} on the first. What has ${pronoun} in ${count} days?`,
    ({ first, step, count }, { person, pronoun }) =>
      `${person} runs ${first} rounds on day 1, and then each day ${step} more. How many rounds does ${pronoun} run in ${count} days?`,
    ({ first, step, count }) => `The first of ${count} numbers is ${first} and each is ${step} larger. Sum them.`,
    ({ first, step, count }) => `How much do ${count} terms add up to, from ${first} on, with difference ${step}?`,
    ({ first, step, count }) =>
      `Find the sum: ${count} terms, the first ${first}, each ${step} more than the one before.`,
    ({ first, step, count }, { person, things }) =>
      `On the first day ${person} gets ${first} ${things}. Each day after it is ${step} more. How many ${things} has ${person} got in ${count} days?`,
    ({ first, step, count }, { person, things }) =>
      `${person} saves ${things}: ${first} at first, then on every day ${step} more than on the day before. Give the sum of ${count} days.`,
    ({ first, step, count }) =>
      `How many coins are saved in ${count} days, if it is ${first} on day 1 and each day ${step} more?`,
    ({ first, step, count }, { person, things }) =>
      `After ${count} days, what has ${person}, who puts away ${first} ${things} on the first and then ${step} more each time?`,
    ({ first, step, count }, { pronoun }) =>
      `In the first round ${pronoun} runs ${first}, in each round after ${step} more. What do ${count} rounds add up to?`,
    ({ first, step, count }) =>
      `A class has ${first} pupils in the first row and in every row then ${step} more. How many are in all ${count} rows?`,
  ],
  unseen: [
    ({ first, step, count }) =>
      `Tom saves ${first} coins on the first day, then ${step} more each day. How many has he after ${count} days?`,
  ],
  worked: (numbers) => {
    const { first, step, count } = numbers;
    const ends = first + last(numbers);
    return [
      [
        `${step}*${count - 1}=${step * (count - 1)}`,
        `${first}+${step * (count - 1)}=${last(numbers)}`,
        `${first}+${last(numbers)}=${ends}`,
        `${ends}*${count}/2=${sum(numbers)}`,
      ],
    ];
  },
  programs: ({ first, step, count }) => [
    `print(sum(${first}+${step}*i for i in range(${count})))`,
    `s=0\nfor i in range(${count}): s+=${first}+${step}*i\nprint(s)`,
  ],
});
