import { byLevel, defineFamily, drawEvenly, type Range } from "../define-family";
import { divisionLine } from "../worked";
import { choose, span } from "../whole-numbers";

interface Numbers {
  n: number;
  k: number;
}

/** A binomial coefficient modulo 1000. */
export const binomial = defineFamily<Numbers>({
  name: "binomial",
  kind: "combinatorics",
  draw: drawEvenly(
    (level) =>
      span(byLevel<Range>(level, [4, 9], [7, 14], [12, 24])).flatMap((n) =>
        span(byLevel<Range>(level, [2, n - 2], [2, n - 2], [3, 6])).map((k) => ({ n, k })),
      ),
    ({ n, k }) => choose(n, k) % 1000,
  ),
  answer: ({ n, k }) => choose(n, k) % 1000,
  seen: [
    ({ n, k }) => `Find C(${n},${k}) mod 1000.`,
    ({ n, k }) => `How many ways are there to choose ${k} from ${n}, mod 1000?`,
  ],
  told: [
    ({ n, k }) => `Choose ${k} of ${n}. How many ways, mod 1000?`,
    ({ n, k }, { members }) => `How many groups of ${k} are there out of ${n} ${members}, mod 1000?`,
    ({ n, k }, { person, things }) => `${person} takes ${k} of ${n} ${things}. Count the ways mod 1000.`,
    ({ n, k }, { group, members }) => `A ${group} has ${n} ${members} and ${k} are picked. In how many ways, mod 1000?`,
    ({ n, k }, { members }) => `In how many ways are ${k} ${members} picked from ${n}? Give it mod 1000.`,
    ({ n, k }) => `What is C(${n},${k}) mod 1000?`,
    ({ n, k }, { group, members }) =>
      `Out of ${n} ${members} a ${group} of ${k} is made. How many are there, mod 1000?`,
    ({ n, k }, { members }) => `Count all teams of ${k} from ${n} ${members}, mod 1000.`,
    ({ n, k }, { group, members }) =>
      `From ${n} ${members} a ${group} picks ${k}. Count how many ways there are, mod 1000.`,
    ({ n, k }, { members }) => `How many teams of ${k} can be picked from ${n} ${members}, mod 1000?`,
    ({ n, k }, { person, things }) => `There are ${n} ${things}. ${person} picks ${k}. In how many ways, mod 1000?`,
    ({ n, k }, { members }) => `Find how many groups of ${k} there are in ${n} ${members}, mod 1000.`,
    ({ n, k }, { group, members }) =>
      `Of ${n} ${members} only ${k} are in the ${group}. How many such teams are there, mod 1000?`,
    ({ n, k }, { things }) => `Give the number of ways to pick ${k} out of ${n} ${things}, mod 1000.`,
  ],
  unseen: [({ n, k }) => `A team of ${k} is picked out of ${n} players. Count the teams mod 1000.`],
  worked: ({ n, k }) => {
    const few = Math.min(k, n - k);
    const lines = span([2, few]).map((i) => {
      const before = choose(n, i - 1);
      return `${before}*${n - i + 1}/${i}=${choose(n, i)}`;
    });
    if (few < k) lines.unshift(`C(${n},${k})=C(${n},${few})`);
    return [[...lines, divisionLine(choose(n, k), 1000)]];
  },
  programs: ({ n, k }) => [
    `import math\nprint(math.comb(${n},${k})%1000)`,
    `from math import comb\nprint(comb(${n},${k})%1000)`,
  ],
});
