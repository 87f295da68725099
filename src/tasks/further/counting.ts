/** Further multiples to be counted, and further choices. */
import type { Rng } from "../../core/rng";
import { byLevel, defineFamily, intByLevel, type Range } from "../define-family";
import type { Level } from "../task";
import { choiceLine, divisionLine, productLines } from "../worked";
import { choose, leastCommonMultiple } from "../whole-numbers";

interface TwoSteps {
  a: number;
  b: number;
  limit: number;
}

const drawTwoSteps = (rng: Rng, level: Level): TwoSteps => ({
  a: rng.int(...byLevel<Range>(level, [2, 5], [2, 7], [3, 9])),
  b: rng.int(...byLevel<Range>(level, [2, 6], [3, 9], [4, 12])),
  limit: intByLevel(rng, level, [40, 150], [150, 500], [400, 999]),
});

export const multiplesOfBoth = defineFamily<TwoSteps>({
  name: "multiples-of-both",
  kind: "combinatorics",
  draw: drawTwoSteps,
  answer: ({ a, b, limit }) => Math.floor(limit / leastCommonMultiple(a, b)),
  seen: [
    ({ a, b, limit }) => `Find the number of multiples of ${a} up to ${limit} that are multiples of ${b}.`,
    ({ a, b, limit }) => `How many multiples of ${a} up to ${limit} are multiples of ${b} too?`,
  ],
  unseen: [({ a, b, limit }) => `Count the numbers up to ${limit} that both ${a} and ${b} divide.`],
  worked: ({ a, b, limit }) => {
    const both = leastCommonMultiple(a, b);
    return [
      [
        `${both}=${both / a}*${a}`,
        `${both}=${both / b}*${b}`,
        divisionLine(limit, both),
        `so ${Math.floor(limit / both)}`,
      ],
    ];
  },
  programs: ({ a, b, limit }) => [
    `print(sum(i%${a}==0 and i%${b}==0 for i in range(1,${limit}+1)))`,
    `print(len([i for i in range(${a},${limit}+1,${a}) if i%${b}==0]))`,
  ],
});

export const noMultiples = defineFamily<TwoSteps>({
  name: "no-multiples",
  kind: "combinatorics",
  draw: drawTwoSteps,
  answer: ({ a, limit }) => limit - Math.floor(limit / a),
  seen: [
    ({ a, limit }) => `How many numbers from 1 to ${limit} are not multiples of ${a}?`,
    ({ a, limit }) => `Find the number of numbers up to ${limit} that are not multiples of ${a}.`,
  ],
  unseen: [({ a, limit }) => `Count the numbers up to ${limit} that ${a} does not divide.`],
  worked: ({ a, limit }) => [
    [divisionLine(limit, a), `${limit}-${Math.floor(limit / a)}=${limit - Math.floor(limit / a)}`],
  ],
  programs: ({ a, limit }) => [
    `print(sum(i%${a}!=0 for i in range(1,${limit}+1)))`,
    `print(len([i for i in range(1,${limit}+1) if i%${a}]))`,
  ],
});

export const chooseOr = defineFamily<{ a: number; b: number; k: number }>({
  name: "choose-from-one-or-another",
  kind: "combinatorics",
  draw: (rng, level) => {
    const size = byLevel<Range>(level, [4, 12], [6, 20], [10, 30]);
    return { a: rng.int(...size), b: rng.int(...size), k: level === 1 ? 2 : 3 };
  },
  answer: ({ a, b, k }) => (choose(a, k) + choose(b, k)) % 1000,
  seen: [
    ({ a, b, k }) => `How many ways are there to choose ${k} from ${a} or ${k} from ${b}, mod 1000?`,
    ({ a, b, k }) => `Find the number of ways to choose ${k} from ${a} or ${k} from ${b}, mod 1000.`,
  ],
  unseen: [({ a, b, k }) => `A team of ${k} comes from ${a} players or else from ${b}. Count the teams mod 1000.`],
  worked: ({ a, b, k }) => {
    const sum = choose(a, k) + choose(b, k);
    return [[choiceLine(a, k), choiceLine(b, k), `${choose(a, k)}+${choose(b, k)}=${sum}`, divisionLine(sum, 1000)]];
  },
  programs: ({ a, b, k }) => [
    `import math\nprint((math.comb(${a},${k})+math.comb(${b},${k}))%1000)`,
    `from math import comb\nprint((comb(${a},${k})+comb(${b},${k}))%1000)`,
  ],
});

export const chooseThenOne = defineFamily<{ n: number; k: number }>({
  name: "choose-and-then-one",
  kind: "combinatorics",
  draw: (rng, level) => ({ n: intByLevel(rng, level, [4, 14], [6, 22], [12, 40]), k: rng.int(2, 3) }),
  answer: ({ n, k }) => (choose(n, k) * k) % 1000,
  seen: [
    ({ n, k }) => `How many ways are there to choose ${k} from ${n} and then 1 from those ${k}, mod 1000?`,
    ({ n, k }) => `Find the number of ways to choose ${k} from ${n} and then 1 of the ${k}, mod 1000.`,
  ],
  unseen: [({ n, k }) => `A team of ${k} of ${n} players picks its first. Count the ways mod 1000.`],
  worked: ({ n, k }) => [[choiceLine(n, k), ...productLines(choose(n, k), k), divisionLine(choose(n, k) * k, 1000)]],
  programs: ({ n, k }) => [
    `import math\nprint(math.comb(${n},${k})*${k}%1000)`,
    `from math import comb\nprint(comb(${n},${k})*${k}%1000)`,
  ],
});

export const chooseAndRest = defineFamily<{ n: number; k: number; m: number }>({
  name: "choose-and-then-from-the-rest",
  kind: "combinatorics",
  draw: (rng, level) => ({ n: intByLevel(rng, level, [5, 12], [8, 18], [14, 30]), k: rng.int(1, 3), m: rng.int(1, 2) }),
  answer: ({ n, k, m }) => (choose(n, k) * choose(n - k, m)) % 1000,
  seen: [
    ({ n, k, m }) => `How many ways are there to choose ${k} from ${n} and then ${m} from the rest, mod 1000?`,
    ({ n, k, m }) =>
      `Find the number of ways to choose ${k} from ${n} and then ${m} from the other ${n - k}, mod 1000.`,
  ],
  unseen: [({ n, k, m }) => `Of ${n} players ${k} begin, then ${m} others come in. Count the ways mod 1000.`],
  worked: ({ n, k, m }) => [
    [
      ...(k > 1 ? [choiceLine(n, k)] : []),
      ...(m > 1 ? [choiceLine(n - k, m)] : []),
      `${choose(n, k)}*${choose(n - k, m)}=${choose(n, k) * choose(n - k, m)}`,
      divisionLine(choose(n, k) * choose(n - k, m), 1000),
    ],
  ],
  programs: ({ n, k, m }) => [
    `import math\nprint(math.comb(${n},${k})*math.comb(${n - k},${m})%1000)`,
    `from math import comb\nprint(comb(${n},${k})*comb(${n}-${k},${m})%1000)`,
  ],
});
