/** Compositions of equations, sequences and choices. */
import { byLevel, defineFamily, intByLevel, type Range } from "../define-family";
import type { Family } from "../task";
import { choiceLine, digitSum, digitSumLine, divisionLine, productLines } from "../worked";
import { choose } from "../whole-numbers";

const productFromSum = defineFamily<{ small: number; large: number }>({
  name: "product-from-sum-and-difference",
  kind: "equations",
  draw: (rng, level) => {
    const large = intByLevel(rng, level, [4, 12], [10, 35], [30, 99]);
    return { small: rng.int(2, large - 1), large };
  },
  answer: ({ small, large }) => small * large,
  seen: [],
  unseen: [
    ({ small, large }) => `Two numbers have sum ${small + large} and difference ${large - small}. Find their product.`,
  ],
  worked: ({ small, large }) => {
    const sum = small + large;
    const difference = large - small;
    return [
      [
        `(${sum}+${difference})/2=${large}`,
        `(${sum}-${difference})/2=${small}`,
        ...(small < 10 ? [`${large}*${small}=${large * small}`] : productLines(large, small)),
      ],
    ];
  },
  programs: ({ small, large }) => {
    const sum = small + large;
    const difference = large - small;
    return [
      `print((${sum}+${difference})*(${sum}-${difference})//4)`,
      `x=(${sum}+${difference})//2\nprint(x*(${sum}-x))`,
    ];
  },
});

const rootSquares = defineFamily<{ small: number; large: number }>({
  name: "sum-of-root-squares",
  kind: "equations",
  draw: (rng, level) => {
    const large = intByLevel(rng, level, [3, 12], [8, 20], [15, 31]);
    return { small: rng.int(1, large - 1), large };
  },
  answer: ({ small, large }) => small ** 2 + large ** 2,
  seen: [],
  unseen: [
    ({ small, large }) => `Find the sum of the squares of the roots of x^2 - ${small + large}x + ${small * large} = 0.`,
  ],
  worked: ({ small, large }) => {
    const sum = small + large;
    const product = small * large;
    return [
      [
        `${sum}*${sum}=${sum ** 2}`,
        `2*${product}=${2 * product}`,
        `${sum ** 2}-${2 * product}=${sum ** 2 - 2 * product}`,
      ],
    ];
  },
  programs: ({ small, large }) => {
    const sum = small + large;
    const product = small * large;
    return [`print(${sum}**2-2*${product})`, `print(sum(x*x for x in range(${sum}) if x*x-${sum}*x+${product}==0))`];
  },
});

const bothSides = defineFamily<{ left: number; right: number; x: number; shift: number }>({
  name: "equation-with-x-on-both-sides",
  kind: "equations",
  draw: (rng, level) => {
    const right = intByLevel(rng, level, [2, 5], [3, 12], [11, 29]);
    return {
      left: right + intByLevel(rng, level, [1, 5], [2, 9], [3, 15]),
      right,
      x: intByLevel(rng, level, [3, 19], [10, 60], [50, 199]),
      shift: intByLevel(rng, level, [1, 20], [10, 99], [50, 499]),
    };
  },
  answer: ({ x }) => x,
  seen: [],
  unseen: [
    ({ left, right, x, shift }) => `Solve ${left}x + ${shift} = ${right}x + ${(left - right) * x + shift} for x.`,
  ],
  worked: ({ left, right, x, shift }) => {
    const factor = left - right;
    const total = factor * x + shift;
    return [[`${left}-${right}=${factor}`, `${total}-${shift}=${factor * x}`, `${factor * x}/${factor}=${x}`]];
  },
  programs: ({ left, right, x, shift }) => {
    const total = (left - right) * x + shift;
    return [
      `print((${total}-${shift})//(${left}-${right}))`,
      `print(next(x for x in range(1000) if ${left}*x+${shift}==${right}*x+${total}))`,
    ];
  },
});

const fibonacciDigits = defineFamily<{ n: number }>({
  name: "digit-sum-of-fibonacci",
  kind: "sequences",
  draw: (rng, level) => ({ n: intByLevel(rng, level, [9, 14], [14, 20], [20, 26]) }),
  answer: ({ n }) => digitSum(fibonacci(n)[n - 1]),
  seen: [],
  unseen: [({ n }) => `Find the sum of the digits of the Fibonacci number F(${n}).`],
  worked: ({ n }) => [[fibonacci(n).join(" "), digitSumLine(fibonacci(n)[n - 1])]],
  programs: ({ n }) => [
    `a,b=0,1\nfor i in range(${n}): a,b=b,a+b\nprint(sum(map(int,str(a))))`,
    `a,b=0,1\nfor i in range(${n}): a,b=b,a+b\nprint(sum(int(d) for d in str(a)))`,
  ],
});

function fibonacci(count: number): number[] {
  const terms = [1, 1];
  while (terms.length < count) terms.push(terms[terms.length - 1] + terms[terms.length - 2]);
  return terms;
}

const teamsOfBoth = defineFamily<{ a: number; b: number; k: number }>({
  name: "teams-of-both",
  kind: "combinatorics",
  draw: (rng, level) => {
    const size = byLevel<Range>(level, [4, 6], [5, 9], [8, 15]);
    return { a: rng.int(...size), b: rng.int(...size), k: level === 3 ? 3 : 2 };
  },
  answer: ({ a, b, k }) => (choose(a, k) * choose(b, k)) % 1000,
  seen: [],
  unseen: [({ a, b, k }) => `How many ways are there to choose ${k} from ${a} and then ${k} from ${b}, mod 1000?`],
  worked: ({ a, b, k }) => [
    [
      choiceLine(a, k),
      choiceLine(b, k),
      ...productLines(choose(a, k), choose(b, k)),
      divisionLine(choose(a, k) * choose(b, k), 1000),
    ],
  ],
  programs: ({ a, b, k }) => [
    `import math\nprint(math.comb(${a},${k})*math.comb(${b},${k})%1000)`,
    `from math import comb\nprint(comb(${a},${k})*comb(${b},${k})%1000)`,
  ],
});

export const algebraCompositions: readonly Family[] = [
  productFromSum,
  rootSquares,
  bothSides,
  fibonacciDigits,
  teamsOfBoth,
];
