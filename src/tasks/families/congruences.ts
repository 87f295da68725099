import { defineFamily, intByLevel } from "../define-family";
import { greatestCommonDivisor } from "../whole-numbers";

interface Numbers {
  x: number;
  m: number;
  n: number;
}

const conditions = ({ x, m, n }: Numbers): string => `x mod ${m} = ${x % m} and x mod ${n} = ${x % n}`;

/** The least number with two given remainders. */
export const congruences = defineFamily<Numbers>({
  name: "congruences",
  kind: "equations",
  draw: (rng, level) => {
    for (;;) {
      const m = intByLevel(rng, level, [3, 5], [4, 9], [5, 10]);
      const n = intByLevel(rng, level, [5, 9], [7, 15], [13, 39]);
      if (m !== n && greatestCommonDivisor(m, n) === 1) return { x: rng.int(0, m * n - 1), m, n };
    }
  },
  answer: ({ x }) => x,
  seen: [
    (numbers) => `Find the least x with ${conditions(numbers)}.`,
    (numbers) => `What is the least x with ${conditions(numbers)}?`,
  ],
  told: [
    ({ x, m, n }) => `A number leaves ${x % m} by ${m} and ${x % n} by ${n}. What is the least?`,
    ({ x, m, n }) => `What is the least number with remainder ${x % m} by ${m} and ${x % n} by ${n}?`,
    ({ x, m, n }, { person, things }) =>
      `${person} puts ${things} in groups of ${m} and ${x % m} are left. In groups of ${n}, ${x % n} are left. How many at least?`,
    ({ x, m, n }) => `Which is the least x with x mod ${m} = ${x % m}, x mod ${n} = ${x % n}?`,
    ({ x, m, n }) =>
      `Divided by ${m} the number leaves ${x % m}, divided by ${n} it leaves ${x % n}. Find the least one.`,
    ({ x, m, n }) => `Give the first number from 0 on that is ${x % m} mod ${m} and ${x % n} mod ${n}.`,
    ({ x, m, n }, { person, things }) =>
      `In rows of ${m} there are ${x % m} ${things} over, in rows of ${n} there are ${x % n} over. How few can ${person} have?`,
    ({ x, m, n }) =>
      `Find the least number that leaves ${x % m} when divided by ${m} and ${x % n} when divided by ${n}.`,
  ],
  unseen: [
    ({ x, m, n }) =>
      `Eggs in rows of ${m} leave ${x % m} over, and in rows of ${n} leave ${x % n} over. How few eggs can there be?`,
  ],
  worked: ({ x, m, n }) => {
    const tried: string[] = [];
    for (let value = x % n; value <= x; value += n) tried.push(`${value} r${value % m}`);
    return [[tried.join(" "), `so ${x}`]];
  },
  programs: ({ x, m, n }) => [
    `print(next(x for x in range(${m}*${n}) if x%${m}==${x % m} and x%${n}==${x % n}))`,
    `x=${x % m}\nwhile x%${n}!=${x % n}: x+=${m}\nprint(x)`,
  ],
});
