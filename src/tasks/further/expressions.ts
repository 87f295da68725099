/**
 * Expressions of several kinds, and what is asked of them: that a policy reads an expression as what it says, and not as
 * the one it knows. What the benchmark asks is left out: digits of a product of two and of a Fibonacci number, the
 * remainder of two powers' sum, the greatest common divisor of two squares.
 */
import type { Rng } from "../../core/rng";
import { byLevel, defineFamily, intByLevel, type Range } from "../define-family";
import type { Level } from "../task";
import { digitSum, digitSumLine, divisionLine, euclidLines } from "../worked";
import { greatestCommonDivisor, leastCommonMultiple } from "../whole-numbers";

interface Expression {
  /** As it stands in a question: `3^4 + 5`. */
  text: string;
  python: string;
  value: number;
  worked: readonly string[];
}

type Draw = (rng: Rng, level: Level) => Expression;

const made = (text: string, value: number, ...worked: readonly string[]): Expression => ({
  text,
  python: text.replaceAll("^", "**").replaceAll(" ", ""),
  value,
  worked,
});

const small = (rng: Rng, level: Level): number => intByLevel(rng, level, [2, 12], [5, 25], [11, 60]);

const large = (rng: Rng, level: Level): number => intByLevel(rng, level, [11, 99], [100, 999], [1000, 9999]);

const exponent = (rng: Rng, level: Level): number => intByLevel(rng, level, [2, 3], [2, 4], [3, 5]);

const kinds = {
  powerPlus: (rng, level) => {
    const [a, n, b] = [small(rng, level), exponent(rng, level), large(rng, level)];
    return made(`${a}^${n} + ${b}`, a ** n + b, `${a}^${n}=${a ** n}`, `${a ** n}+${b}=${a ** n + b}`);
  },
  powerTimes: (rng, level) => {
    const [a, n, b] = [small(rng, level), exponent(rng, level), rng.int(2, 9)];
    return made(`${b} * ${a}^${n}`, b * a ** n, `${a}^${n}=${a ** n}`, `${b}*${a ** n}=${b * a ** n}`);
  },
  productPlus: (rng, level) => {
    const [a, b, c] = [small(rng, level), small(rng, level), large(rng, level)];
    return made(`${a} * ${b} + ${c}`, a * b + c, `${a}*${b}=${a * b}`, `${a * b}+${c}=${a * b + c}`);
  },
  products: (rng, level) => {
    const [a, b, c] = [small(rng, level), small(rng, level), small(rng, level)];
    return made(`${a} * ${b} * ${c}`, a * b * c, `${a}*${b}=${a * b}`, `${a * b}*${c}=${a * b * c}`);
  },
  difference: (rng, level) => {
    const [a, b] = [large(rng, level), large(rng, level)];
    const [high, low] = [Math.max(a, b) + 10, Math.min(a, b)];
    return made(`${high} - ${low}`, high - low, `${high}-${low}=${high - low}`);
  },
  bracketsTimes: (rng, level) => {
    const [a, b, c] = [large(rng, level), large(rng, level), rng.int(2, 9)];
    return made(`${c} * (${a} + ${b})`, c * (a + b), `${a}+${b}=${a + b}`, `${c}*${a + b}=${c * (a + b)}`);
  },
} satisfies Record<string, Draw>;

const anyKind: readonly Draw[] = Object.values(kinds);

interface Asked {
  expression: Expression;
  modulus: number;
}

const drawAsked = (rng: Rng, level: Level): Asked => ({
  expression: rng.pick(anyKind)(rng, level),
  modulus: intByLevel(rng, level, [13, 60], [31, 99], [101, 999]),
});

export const remainder = defineFamily<Asked>({
  name: "remainder-of-an-expression",
  kind: "computation",
  draw: drawAsked,
  answer: ({ expression, modulus }) => expression.value % modulus,
  seen: [
    ({ expression, modulus }) => `Find the remainder when ${expression.text} is divided by ${modulus}.`,
    ({ expression, modulus }) => `What is ${expression.text} mod ${modulus}?`,
  ],
  unseen: [({ expression, modulus }) => `What is left of ${expression.text} in groups of ${modulus}?`],
  worked: ({ expression, modulus }) => [[...expression.worked, divisionLine(expression.value, modulus)]],
  programs: ({ expression, modulus }) => [
    `print((${expression.python})%${modulus})`,
    `x=${expression.python}\nprint(x%${modulus})`,
  ],
});

export const digits = defineFamily<Asked>({
  name: "digit-sum-of-an-expression",
  kind: "computation",
  draw: (rng, level) => {
    // Of few digits the sums crowd; and of multiples of three, which are frequent here, they are multiples of three.
    for (;;) {
      const asked = drawAsked(rng, level);
      const { value } = asked.expression;
      if (value >= byLevel(level, 300, 2000, 10_000) && value % 3 !== 0) return asked;
    }
  },
  answer: ({ expression }) => digitSum(expression.value),
  seen: [
    ({ expression }) => `Find the sum of the digits of ${expression.text}.`,
    ({ expression }) => `What is the sum of all digits of ${expression.text}?`,
  ],
  unseen: [({ expression }) => `Write out ${expression.text} and add the digits.`],
  worked: ({ expression }) => [[...expression.worked, digitSumLine(expression.value)]],
  programs: ({ expression }) => [
    `print(sum(map(int,str(${expression.python}))))`,
    `x=${expression.python}\nprint(sum(int(d) for d in str(x)))`,
  ],
});

export const value = defineFamily<Asked>({
  name: "value-of-an-expression",
  kind: "computation",
  draw: drawAsked,
  answer: ({ expression }) => expression.value % 1000,
  seen: [
    ({ expression }) => `Find ${expression.text} mod 1000.`,
    ({ expression }) => `What is the remainder when ${expression.text} is divided by 1000?`,
  ],
  unseen: [({ expression }) => `Compute ${expression.text}. What are the last three digits?`],
  worked: ({ expression }) => [[...expression.worked, divisionLine(expression.value, 1000)]],
  programs: ({ expression }) => [`print((${expression.python})%1000)`, `x=${expression.python}\nprint(x%1000)`],
});

type Multiple = (rng: Rng, of: number, range: Range) => Expression;

/** Expressions whose value is a multiple of a number. */
const multiples: Record<"number" | "square" | "product" | "sum", Multiple> = {
  number: (rng, of, range) => {
    const n = of * rng.int(...range);
    return made(String(n), n);
  },
  square: (rng, of, range) => {
    const a = of * rng.int(...range);
    return made(`${a}^2`, a * a, `${a}*${a}=${a * a}`);
  },
  product: (rng, of, range) => {
    const [a, b] = [of * rng.int(...range), rng.int(2, 9)];
    return made(`${a} * ${b}`, a * b, `${a}*${b}=${a * b}`);
  },
  sum: (rng, of, range) => {
    const total = of * (rng.int(...range) + 1);
    const a = rng.int(1, total - 1);
    return made(`${a} + ${total - a}`, total, `${a}+${total - a}=${total}`);
  },
};

type MultipleKind = keyof typeof multiples;

/** Two squares are the benchmark's, and two numbers a family of their own. */
const pairsOfKinds: readonly (readonly [MultipleKind, MultipleKind])[] = [
  ["square", "number"],
  ["number", "product"],
  ["product", "square"],
  ["sum", "number"],
  ["square", "sum"],
  ["product", "sum"],
];

interface Two {
  first: Expression;
  second: Expression;
}

function drawTwo(rng: Rng, level: Level, divisor: number): Two {
  const [first, second] = rng.pick(pairsOfKinds);
  const range = byLevel<Range>(level, [1, 4], [1, 6], [2, 6]);
  const two = { first: multiples[first](rng, divisor, range), second: multiples[second](rng, divisor, range) };
  return rng.int(0, 1) === 0 ? two : { first: two.second, second: two.first };
}

export const gcdOfTwo = defineFamily<Two>({
  name: "gcd-of-expressions",
  kind: "number-theory",
  draw: (rng, level) => drawTwo(rng, level, intByLevel(rng, level, [2, 15], [5, 22], [7, 25])),
  answer: ({ first, second }) => greatestCommonDivisor(first.value, second.value),
  seen: [
    ({ first, second }) => `Find the greatest common divisor of ${first.text} and ${second.text}.`,
    ({ first, second }) => `What is the greatest common divisor of ${first.text} and ${second.text}?`,
  ],
  unseen: [({ first, second }) => `Which largest number divides ${first.text} and ${second.text}?`],
  worked: ({ first, second }) => [
    [
      ...first.worked,
      ...second.worked,
      ...euclidLines(first.value, second.value),
      `so ${greatestCommonDivisor(first.value, second.value)}`,
    ],
  ],
  programs: ({ first, second }) => [
    `import math\nprint(math.gcd(${first.python},${second.python}))`,
    `from math import gcd\nprint(gcd(${first.python},${second.python}))`,
  ],
});

const lcmOf = ({ first, second }: Two): number => leastCommonMultiple(first.value, second.value);

export const lcmOfTwo = defineFamily<Two>({
  name: "lcm-of-expressions",
  kind: "number-theory",
  draw: (rng) => drawTwo(rng, 1, rng.int(1, 6)),
  answer: lcmOf,
  seen: [
    ({ first, second }) => `Find the least common multiple of ${first.text} and ${second.text}.`,
    ({ first, second }) => `What is the least common multiple of ${first.text} and ${second.text}?`,
  ],
  unseen: [({ first, second }) => `Which first number do ${first.text} and ${second.text} divide?`],
  worked: (two) => {
    const { first, second } = two;
    const all = lcmOf(two);
    return [
      [
        ...first.worked,
        ...second.worked,
        `${all}=${all / first.value}*${first.value}`,
        `${all}=${all / second.value}*${second.value}`,
        `so ${all}`,
      ],
    ];
  },
  programs: ({ first, second }) => [
    `import math\nprint(math.lcm(${first.python},${second.python}))`,
    `from math import lcm\nprint(lcm(${first.python},${second.python}))`,
  ],
});
