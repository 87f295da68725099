/** Further equations. */
import { defineFamily, intByLevel } from "../define-family";
import { longDivisionLines, productLines } from "../worked";

/** The factor, the number that is sought, and what is added to it or taken from it. */
interface Linear {
  factor: number;
  x: number;
  shift: number;
}

export const brackets = defineFamily<Linear>({
  name: "equation-with-brackets",
  kind: "equations",
  draw: (rng, level) => ({
    factor: intByLevel(rng, level, [2, 9], [3, 15], [11, 39]),
    x: intByLevel(rng, level, [2, 19], [5, 60], [20, 199]),
    shift: intByLevel(rng, level, [1, 20], [5, 60], [50, 199]),
  }),
  answer: ({ x }) => x,
  seen: [
    ({ factor, x, shift }) => `Solve ${factor}(x + ${shift}) = ${factor * (x + shift)} for x.`,
    ({ factor, x, shift }) => `Find x with ${factor}(x + ${shift}) = ${factor * (x + shift)}.`,
  ],
  unseen: [
    ({ factor, x, shift }) =>
      `I add ${shift}, multiply by ${factor} and get ${factor * (x + shift)}. Where did I begin?`,
  ],
  worked: ({ factor, x, shift }) => [
    [...longDivisionLines(factor * (x + shift), factor), `${x + shift}-${shift}=${x}`],
  ],
  programs: ({ factor, x, shift }) => [
    `print(${factor * (x + shift)}//${factor}-${shift})`,
    `print(next(x for x in range(1000) if ${factor}*(x+${shift})==${factor * (x + shift)}))`,
  ],
});

export const minus = defineFamily<Linear>({
  name: "equation-with-minus",
  kind: "equations",
  draw: (rng, level) => ({
    factor: intByLevel(rng, level, [2, 9], [3, 15], [11, 39]),
    x: intByLevel(rng, level, [11, 29], [20, 70], [50, 199]),
    shift: intByLevel(rng, level, [1, 20], [5, 60], [50, 499]),
  }),
  answer: ({ x }) => x,
  seen: [
    ({ factor, x, shift }) => `Solve ${factor}x - ${shift} = ${factor * x - shift} for x.`,
    ({ factor, x, shift }) => `Find x with ${factor}x - ${shift} = ${factor * x - shift}.`,
  ],
  unseen: [
    ({ factor, x, shift }) => `${factor} times my number less ${shift} is ${factor * x - shift}. What is my number?`,
  ],
  worked: ({ factor, x, shift }) => [
    [`${factor * x - shift}+${shift}=${factor * x}`, ...longDivisionLines(factor * x, factor)],
  ],
  programs: ({ factor, x, shift }) => [
    `print((${factor * x - shift}+${shift})//${factor})`,
    `print(next(x for x in range(1000) if ${factor}*x-${shift}==${factor * x - shift}))`,
  ],
});

/** Two numbers, known by their sum and their difference, or by the equation whose roots they are. */
interface Two {
  small: number;
  large: number;
}

const sumAndDifference = ({ small, large }: Two): string => `sum ${small + large} and difference ${large - small}`;

const equation = ({ small, large }: Two): string => `x^2 - ${small + large}x + ${small * large} = 0`;

export const smaller = defineFamily<Two>({
  name: "smaller-from-sum-and-difference",
  kind: "equations",
  draw: (rng, level) => {
    const small = intByLevel(rng, level, [2, 25], [20, 150], [200, 999]);
    return { small, large: small + intByLevel(rng, level, [1, 30], [10, 150], [100, 700]) };
  },
  answer: ({ small }) => small,
  seen: [
    (two) => `Two numbers have ${sumAndDifference(two)}. Find the smaller.`,
    ({ small, large }) => `Find y with x + y = ${small + large} and x - y = ${large - small}.`,
  ],
  unseen: [(two) => `Which is the less of two numbers with ${sumAndDifference(two)}?`],
  worked: ({ small, large }) => [[`${small + large}-${large - small}=${2 * small}`, `${2 * small}/2=${small}`]],
  programs: ({ small, large }) => [
    `print((${small + large}-${large - small})//2)`,
    `y=${small + large}-${large - small}\nprint(y//2)`,
  ],
});

export const differenceOfSquares = defineFamily<Two>({
  name: "difference-of-squares",
  kind: "equations",
  draw: (rng, level) => {
    const small = intByLevel(rng, level, [2, 9], [4, 20], [10, 60]);
    return { small, large: small + intByLevel(rng, level, [1, 9], [2, 12], [3, 9]) };
  },
  answer: ({ small, large }) => large ** 2 - small ** 2,
  seen: [
    (two) => `Two numbers have ${sumAndDifference(two)}. Find the difference of their squares.`,
    (two) => `What is the difference of the squares of two numbers with ${sumAndDifference(two)}?`,
  ],
  unseen: [(two) => `Two numbers with ${sumAndDifference(two)} are squared. How far apart are they then?`],
  worked: ({ small, large }) => [[...productLines(small + large, large - small), `so ${large ** 2 - small ** 2}`]],
  programs: ({ small, large }) => [
    `print((${small + large})*(${large - small}))`,
    `x=(${small + large}+${large - small})//2\ny=${small + large}-x\nprint(x*x-y*y)`,
  ],
});

export const rootDifference = defineFamily<Two>({
  name: "difference-of-roots",
  kind: "equations",
  draw: (rng, level) => {
    const small = intByLevel(rng, level, [1, 12], [2, 30], [10, 60]);
    return { small, large: small + intByLevel(rng, level, [1, 20], [5, 40], [15, 99]) };
  },
  answer: ({ small, large }) => large - small,
  seen: [
    (two) => `Find the difference of the roots of ${equation(two)}.`,
    (two) => `What is the difference of the two roots of ${equation(two)}?`,
  ],
  unseen: [(two) => `How far apart are the roots of ${equation(two)}?`],
  worked: ({ small, large }) => {
    const sum = small + large;
    const product = small * large;
    const square = (large - small) ** 2;
    return [
      [
        `${sum}*${sum}=${sum ** 2}`,
        `4*${product}=${4 * product}`,
        `${sum ** 2}-${4 * product}=${square}`,
        `${square}=${large - small}*${large - small}`,
      ],
    ];
  },
  programs: ({ small, large }) => {
    const [sum, product] = [small + large, small * large];
    return [
      `x=[x for x in range(${sum}) if x*x-${sum}*x+${product}==0]\nprint(max(x)-min(x))`,
      `import math\nprint(math.isqrt(${sum}**2-4*${product}))`,
    ];
  },
});

export const rootSquare = defineFamily<Two>({
  name: "square-of-larger-root",
  kind: "equations",
  draw: (rng, level) => {
    const large = intByLevel(rng, level, [3, 14], [8, 24], [15, 31]);
    return { small: rng.int(1, large - 1), large };
  },
  answer: ({ large }) => large ** 2,
  seen: [
    (two) => `Find the square of the larger root of ${equation(two)}.`,
    (two) => `What is the square of the larger x with ${equation(two)}?`,
  ],
  unseen: [(two) => `Solve ${equation(two)} and square the bigger root.`],
  worked: ({ small, large }) => [
    [
      `${small}*${large}=${small * large}`,
      `${small}+${large}=${small + large}`,
      `so ${large}`,
      `${large}*${large}=${large ** 2}`,
    ],
  ],
  programs: ({ small, large }) => {
    const [sum, product] = [small + large, small * large];
    return [
      `print(max(x for x in range(${sum}) if x*x-${sum}*x+${product}==0)**2)`,
      `for x in range(${sum}):\n if x*x-${sum}*x+${product}==0: r=x\nprint(r*r)`,
    ];
  },
});

export const squaresOfTwo = defineFamily<Two>({
  name: "sum-of-squares-of-two",
  kind: "equations",
  draw: (rng, level) => {
    const large = intByLevel(rng, level, [3, 12], [8, 20], [15, 31]);
    return { small: rng.int(1, large - 1), large };
  },
  answer: ({ small, large }) => small ** 2 + large ** 2,
  seen: [
    (two) => `Two numbers have ${sumAndDifference(two)}. Find the sum of their squares.`,
    (two) => `Find the sum of the squares of two numbers with ${sumAndDifference(two)}.`,
  ],
  unseen: [(two) => `Square two numbers with ${sumAndDifference(two)} and add.`],
  worked: ({ small, large }) => [
    [
      `(${small + large}+${large - small})/2=${large}`,
      `(${small + large}-${large - small})/2=${small}`,
      `${large}*${large}=${large ** 2}`,
      `${small}*${small}=${small ** 2}`,
      `${large ** 2}+${small ** 2}=${small ** 2 + large ** 2}`,
    ],
  ],
  programs: ({ small, large }) => [
    `x=(${small + large}+${large - small})//2\ny=${small + large}-x\nprint(x*x+y*y)`,
    `print((${small + large}**2+${large - small}**2)//2)`,
  ],
});

export const squaresFromProduct = defineFamily<Two>({
  name: "sum-of-squares-from-product",
  kind: "equations",
  draw: (rng, level) => {
    const high = intByLevel(rng, level, [3, 12], [8, 20], [15, 31]);
    return { small: rng.int(1, high - 1), large: high };
  },
  answer: ({ small, large }) => small ** 2 + large ** 2,
  seen: [
    ({ small, large }) =>
      `Two numbers have sum ${small + large} and product ${small * large}. Find the sum of their squares.`,
    ({ small, large }) => `What is x^2 + y^2 with x + y = ${small + large} and xy = ${small * large}?`,
  ],
  unseen: [({ small, large }) => `Square two numbers with sum ${small + large} and product ${small * large}, and add.`],
  worked: ({ small, large }) => {
    const [sum, product] = [small + large, small * large];
    return [
      [
        `${sum}*${sum}=${sum ** 2}`,
        `2*${product}=${2 * product}`,
        `${sum ** 2}-${2 * product}=${sum ** 2 - 2 * product}`,
      ],
    ];
  },
  programs: ({ small, large }) => {
    const [sum, product] = [small + large, small * large];
    return [`print(${sum}**2-2*${product})`, `s=${sum}\np=${product}\nprint(s*s-2*p)`];
  },
});

export const rootProductTimes = defineFamily<Two & { factor: number }>({
  name: "multiple-of-root-sum",
  kind: "equations",
  draw: (rng, level) => {
    const high = intByLevel(rng, level, [3, 16], [8, 30], [20, 50]);
    return { small: rng.int(1, high - 1), large: high, factor: rng.int(2, 9) };
  },
  answer: ({ small, large, factor }) => factor * (small + large),
  seen: [
    ({ small, large, factor }) =>
      `Find ${factor} times the sum of the roots of x^2 - ${small + large}x + ${small * large} = 0.`,
    ({ small, large, factor }) =>
      `What is the sum of the roots of x^2 - ${small + large}x + ${small * large} = 0, times ${factor}?`,
  ],
  unseen: [
    ({ small, large, factor }) => `Add the roots of x^2 - ${small + large}x + ${small * large} = 0, ${factor} times.`,
  ],
  worked: ({ small, large, factor }) => [
    [
      `${small}*${large}=${small * large}`,
      `${small}+${large}=${small + large}`,
      ...productLines(small + large, factor),
    ],
  ],
  programs: ({ small, large, factor }) => {
    const [sum, product] = [small + large, small * large];
    return [`print(${factor}*sum(x for x in range(${sum}) if x*x-${sum}*x+${product}==0))`, `print(${factor}*${sum})`];
  },
});

export const largerTimes = defineFamily<Two & { factor: number }>({
  name: "multiple-of-the-larger",
  kind: "equations",
  draw: (rng, level) => {
    const high = intByLevel(rng, level, [4, 20], [15, 60], [40, 150]);
    return { small: rng.int(1, high - 1), large: high, factor: rng.int(2, 9) };
  },
  answer: ({ large, factor }) => large * factor,
  seen: [
    ({ small, large, factor }) =>
      `Two numbers have sum ${small + large} and difference ${large - small}. Find ${factor} times the larger.`,
    ({ small, large, factor }) =>
      `Two numbers have sum ${small + large} and difference ${large - small}. Find the product of ${factor} and the larger.`,
  ],
  unseen: [({ small, large, factor }) => `Of x + y = ${small + large}, x - y = ${large - small}: what is ${factor}x?`],
  worked: ({ small, large, factor }) => [
    [`(${small + large}+${large - small})/2=${large}`, ...productLines(large, factor)],
  ],
  programs: ({ small, large, factor }) => [
    `print((${small + large}+${large - small})//2*${factor})`,
    `x=(${small + large}+${large - small})//2\nprint(x*${factor})`,
  ],
});

export const xTwice = defineFamily<{ left: number; right: number; x: number }>({
  name: "equation-with-x-twice",
  kind: "equations",
  draw: (rng, level) => {
    const right = intByLevel(rng, level, [2, 5], [3, 12], [11, 29]);
    return {
      left: right + intByLevel(rng, level, [1, 6], [2, 9], [3, 15]),
      right,
      x: intByLevel(rng, level, [3, 25], [10, 60], [50, 199]),
    };
  },
  answer: ({ x }) => x,
  seen: [
    ({ left, right, x }) => `Solve ${left}x = ${right}x + ${(left - right) * x} for x.`,
    ({ left, right, x }) => `Find x with ${left}x - ${right}x = ${(left - right) * x}.`,
  ],
  unseen: [
    ({ left, right, x }) => `${left} of my numbers are ${right} of them and ${(left - right) * x}. Which number?`,
  ],
  worked: ({ left, right, x }) => [
    [`${left}-${right}=${left - right}`, ...longDivisionLines((left - right) * x, left - right)],
  ],
  programs: ({ left, right, x }) => [
    `print(${(left - right) * x}//(${left}-${right}))`,
    `print(next(x for x in range(1000) if ${left}*x==${right}*x+${(left - right) * x}))`,
  ],
});
