import { defineFamily, greatestCommonDivisor, intByLevel } from "../define-family";

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
