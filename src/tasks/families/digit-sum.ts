import { byLevel, defineFamily, drawEvenly, type Range } from "../define-family";
import { digitSum, digitSumLine, powerLines } from "../worked";
import { span } from "../whole-numbers";

/** The sum of the digits of a power. */
export const digitSumFamily = defineFamily<{ base: number; exponent: number }>({
  name: "digit-sum",
  kind: "computation",
  draw: drawEvenly(
    (level) => {
      const bases = byLevel<Range>(level, [4, 31], [3, 40], [11, 60]);
      const exponents = byLevel<Range>(level, [2, 3], [3, 8], [5, 11]);
      const [low, high] = byLevel<Range>(level, [10, 1e4], [1e3, 1e7], [1e6, 1e12]);
      return span(bases)
        .flatMap((base) => span(exponents).map((exponent) => ({ base, exponent })))
        .filter(({ base, exponent }) => base ** exponent >= low && base ** exponent < high);
    },
    ({ base, exponent }) => digitSum(base ** exponent),
  ),
  answer: ({ base, exponent }) => digitSum(base ** exponent),
  seen: [
    ({ base, exponent }) => `Find the sum of the digits of ${base}^${exponent}.`,
    ({ base, exponent }) => `What is the sum of all digits of ${base}^${exponent}?`,
  ],
  told: [
    ({ base, exponent }) => `Add the digits of ${base}^${exponent}.`,
    ({ base, exponent }) => `What do the digits of ${base}^${exponent} add up to?`,
    ({ base, exponent }) => `Compute ${base}^${exponent}. What is the sum of its digits?`,
    ({ base, exponent }, { person }) => `${person} writes ${base}^${exponent} out. Find the sum of all the digits.`,
    ({ base, exponent }) => `Sum all digits of ${base} to the power ${exponent}.`,
    ({ base, exponent }) => `Take the number ${base}^${exponent} and add up every digit.`,
    ({ base, exponent }) => `Write down ${base}^${exponent}. How much are the digits together?`,
    ({ base, exponent }) => `How much is the digit sum of ${base}^${exponent}?`,
    ({ base, exponent }) => `${base}^${exponent} is a number. Add its digits and give the result.`,
    ({ base, exponent }) => `Take ${base} to the power ${exponent} and write it out. Which sum do its digits have?`,
    ({ base, exponent }) => `Give the sum of every digit of ${base}^${exponent}.`,
  ],
  unseen: [({ base, exponent }) => `Write out ${base}^${exponent} and add its digits.`],
  worked: ({ base, exponent }) => [[...powerLines(base, exponent), digitSumLine(base ** exponent)]],
  programs: ({ base, exponent }) => [
    `print(sum(map(int,str(${base}**${exponent}))))`,
    `print(sum(int(d) for d in str(${base}**${exponent})))`,
  ],
});
