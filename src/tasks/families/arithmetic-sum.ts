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
