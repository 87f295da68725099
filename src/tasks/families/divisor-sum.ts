import { defineFamily, intByLevel } from "../define-family";
import { divisorsOf, sumOf } from "../whole-numbers";

/** The prime powers whose product is n: 12 is 1, 2, 4 and 1, 3. */
function primePowers(n: number): number[][] {
  const rows: number[][] = [];
  let rest = n;
  for (let prime = 2; rest > 1; prime++) {
    const powers = [1];
    while (rest % prime === 0) {
      rest /= prime;
      powers.push(prime ** powers.length);
    }
    if (powers.length > 1) rows.push(powers);
  }
  return rows;
}

/** Multiplies the sums of the prime powers. */
function factorLines(n: number): string[] {
  const rows = primePowers(n);
  const sums = rows.map(sumOf);
  const lines = rows.map((powers) => `${powers.join("+")}=${sumOf(powers)}`);
  if (rows.length === 1) return lines;
  const product = sums.reduce((result, sum) => result * sum, 1);
  return [`${n}=${rows.map((powers) => powers.at(-1)).join("*")}`, ...lines, `${sums.join("*")}=${product}`];
}

/** The sum of the divisors. */
export const divisorSum = defineFamily<{ n: number }>({
  name: "divisor-sum",
  kind: "number-theory",
  draw: (rng, level) => ({ n: intByLevel(rng, level, [6, 48], [40, 150], [150, 480]) }),
  answer: ({ n }) => sumOf(divisorsOf(n)),
  seen: [({ n }) => `Find the sum of the divisors of ${n}.`, ({ n }) => `What is the sum of all divisors of ${n}?`],
  told: [
    ({ n }) => `Add all divisors of ${n}.`,
    ({ n }) => `What do the divisors of ${n} add up to?`,
    ({ n }) => `Sum every number that divides ${n}.`,
    ({ n }) => `Take each divisor of ${n}. What is their sum?`,
    ({ n }, { person }) => `${person} writes every divisor of ${n} and adds them. What is the result?`,
    ({ n }) => `${n} is divisible by some numbers. Find the sum of all of them.`,
    ({ n }) => `Which numbers divide ${n}? Give their sum.`,
    ({ n }) => `Find all that divides ${n}, from 1 to ${n}, and add it.`,
  ],
  unseen: [({ n }) => `Add all the numbers that divide ${n}.`],
  worked: ({ n }, level) => {
    const added = [`${divisorsOf(n).join("+")}=${sumOf(divisorsOf(n))}`];
    return level === 1 ? [added, factorLines(n)] : [factorLines(n)];
  },
  programs: ({ n }) => [
    `print(sum(d for d in range(1,${n}+1) if ${n}%d==0))`,
    `s=0\nfor d in range(1,${n}+1):\n if ${n}%d==0: s+=d\nprint(s)`,
  ],
});
