import { defineFamily, intByLevel } from "../define-family";
import { divisionLine } from "../worked";
import { greatestCommonDivisor } from "../whole-numbers";

interface Numbers {
  a: number;
  b: number;
  limit: number;
}

const counts = ({ a, b, limit }: Numbers) => ({
  ofA: Math.floor(limit / a),
  ofB: Math.floor(limit / b),
  ofBoth: Math.floor(limit / (a * b)),
});

/** How many numbers two coprime numbers hit between them: inclusion and exclusion. */
export const eitherMultiples = defineFamily<Numbers>({
  name: "either-multiples",
  kind: "combinatorics",
  draw: (rng, level) => {
    for (;;) {
      const a = intByLevel(rng, level, [2, 5], [3, 9], [4, 15]);
      const b = intByLevel(rng, level, [3, 9], [4, 15], [7, 29]);
      const limit = intByLevel(rng, level, [20, 60], [50, 200], [200, 800]);
      if (a < b && greatestCommonDivisor(a, b) === 1) return { a, b, limit };
    }
  },
  answer: (numbers) => {
    const { ofA, ofB, ofBoth } = counts(numbers);
    return ofA + ofB - ofBoth;
  },
  seen: [
    ({ a, b, limit }) => `How many multiples of ${a} or ${b} are there up to ${limit}?`,
    ({ a, b, limit }) => `Find the number of multiples of ${a} or ${b} up to ${limit}.`,
  ],
  told: [
    ({ a, b, limit }) => `How many numbers from 1 to ${limit} are multiples of ${a}, of ${b} or of both?`,
    ({ a, b, limit }) => `Count the multiples of ${a} or ${b} up to ${limit}.`,
    ({ a, b, limit }) => `Of the numbers from 1 to ${limit}, how many does ${a} or ${b} divide?`,
    ({ a, b, limit }) => `How many numbers at most ${limit} are divisible by ${a} or by ${b}?`,
    ({ a, b, limit }) => `What is the number of numbers up to ${limit} that ${a} or ${b} divides?`,
    ({ a, b, limit }, { person }) =>
      `${person} writes every number up to ${limit} that is a multiple of ${a} or of ${b}. How many are there?`,
    ({ a, b, limit }) => `Take the multiples of ${a} and those of ${b} up to ${limit}, each once. Count them.`,
    ({ a, b, limit }) => `Numbers up to ${limit}, divisible by ${a} or by ${b} or both: how many are there?`,
    ({ a, b, limit }) => `Which count of numbers from 1 to ${limit} is divisible by ${a} or by ${b}?`,
    ({ a, b, limit }) => `Find how many numbers up to ${limit} are divisible by one of ${a} and ${b}, or by both.`,
  ],
  unseen: [({ a, b, limit }) => `Count the numbers from 1 to ${limit} that are divisible by ${a}, by ${b} or by both.`],
  worked: (numbers) => {
    const { a, b, limit } = numbers;
    const { ofA, ofB, ofBoth } = counts(numbers);
    return [
      [
        divisionLine(limit, a),
        divisionLine(limit, b),
        divisionLine(limit, a * b),
        `${ofA}+${ofB}-${ofBoth}=${ofA + ofB - ofBoth}`,
      ],
    ];
  },
  programs: ({ a, b, limit }) => [
    `print(sum(i%${a}==0 or i%${b}==0 for i in range(1,${limit}+1)))`,
    `print(len([i for i in range(1,${limit}+1) if i%${a}==0 or i%${b}==0]))`,
  ],
});
