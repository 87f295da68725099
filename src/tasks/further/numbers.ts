/** Further divisors, digits, multiples and primes, and further choices. */
import type { Rng } from "../../core/rng";
import { byLevel, defineFamily, intByLevel, pairWithDivisor, type Range } from "../define-family";
import type { Family, Level } from "../task";
import { choiceLine, digitSum, digitSumLine, divisionLine, euclidLines, productLines } from "../worked";
import { choose, greatestCommonDivisor, leastCommonMultiple, primesIn, sumOf } from "../whole-numbers";

const lcmOfThree = defineFamily<{ a: number; b: number; c: number }>({
  name: "lcm-of-three",
  kind: "number-theory",
  draw: (rng, level) => {
    const side = (): number => intByLevel(rng, level, [2, 9], [3, 15], [6, 30]);
    return { a: side(), b: side(), c: side() };
  },
  answer: ({ a, b, c }) => leastCommonMultiple(leastCommonMultiple(a, b), c),
  seen: [
    ({ a, b, c }) => `Find the least common multiple of ${a}, ${b} and ${c}.`,
    ({ a, b, c }) => `What is the least common multiple of ${a}, ${b} and ${c}?`,
  ],
  unseen: [({ a, b, c }) => `Which is the first number that ${a}, ${b} and ${c} divide?`],
  worked: ({ a, b, c }) => {
    const first = leastCommonMultiple(a, b);
    const all = leastCommonMultiple(first, c);
    return [[`${first}=${first / a}*${a}`, `${first}=${first / b}*${b}`, `${all}=${all / c}*${c}`, `so ${all}`]];
  },
  programs: ({ a, b, c }) => [
    `import math\nprint(math.lcm(${a},${b},${c}))`,
    `from math import lcm\nprint(lcm(lcm(${a},${b}),${c}))`,
  ],
});

const gcdWithSquare = defineFamily<{ a: number; b: number }>({
  name: "gcd-with-a-square",
  kind: "number-theory",
  draw: (rng, level) => {
    const divisor = intByLevel(rng, level, [2, 12], [4, 25], [8, 39]);
    const { a, b } = pairWithDivisor(rng, divisor, byLevel<Range>(level, [1, 6], [2, 9], [5, 19]));
    return { a, b };
  },
  answer: ({ a, b }) => greatestCommonDivisor(a ** 2, b),
  seen: [
    ({ a, b }) => `Find the greatest common divisor of ${a}^2 and ${b}.`,
    ({ a, b }) => `What is the greatest common divisor of ${b} and ${a}^2?`,
  ],
  unseen: [({ a, b }) => `Which largest number divides ${a}^2 as well as ${b}?`],
  worked: ({ a, b }) => [[`${a}*${a}=${a ** 2}`, ...euclidLines(a ** 2, b), `so ${greatestCommonDivisor(a ** 2, b)}`]],
  programs: ({ a, b }) => [
    `import math\nprint(math.gcd(${a}**2,${b}))`,
    `from math import gcd\nprint(gcd(${a}**2,${b}))`,
  ],
});

const lcmOfSquares = defineFamily<{ a: number; b: number }>({
  name: "lcm-of-squares",
  kind: "number-theory",
  draw: (rng, level) => pairWithDivisor(rng, intByLevel(rng, level, [1, 6], [1, 8], [1, 10]), [1, 9]),
  answer: ({ a, b }) => leastCommonMultiple(a, b) ** 2,
  seen: [
    ({ a, b }) => `Find the least common multiple of ${a}^2 and ${b}^2.`,
    ({ a, b }) => `What is the least common multiple of ${a}^2 and ${b}^2?`,
  ],
  unseen: [({ a, b }) => `Which is the first number that both ${a}^2 and ${b}^2 divide?`],
  worked: ({ a, b }) => {
    const divisor = greatestCommonDivisor(a, b);
    const multiple = leastCommonMultiple(a, b);
    return [
      [
        ...euclidLines(a, b),
        `${a}/${divisor}=${a / divisor}`,
        `${a / divisor}*${b}=${multiple}`,
        `${multiple}*${multiple}=${multiple ** 2}`,
      ],
    ];
  },
  programs: ({ a, b }) => [
    `import math\nprint(math.lcm(${a}**2,${b}**2))`,
    `from math import lcm\nprint(lcm(${a},${b})**2)`,
  ],
});

const digitSumOfSum = defineFamily<{ a: number; b: number }>({
  name: "digit-sum-of-sum",
  kind: "computation",
  draw: (rng, level) => ({
    a: intByLevel(rng, level, [100, 999], [1000, 99_999], [100_000, 9_999_999]),
    b: intByLevel(rng, level, [100, 999], [1000, 99_999], [100_000, 9_999_999]),
  }),
  answer: ({ a, b }) => digitSum(a + b),
  seen: [
    ({ a, b }) => `Find the sum of the digits of ${a} + ${b}.`,
    ({ a, b }) => `What is the sum of all digits of ${a} + ${b}?`,
  ],
  unseen: [({ a, b }) => `Write out ${a} + ${b} and add the digits.`],
  worked: ({ a, b }) => [[`${a}+${b}=${a + b}`, digitSumLine(a + b)]],
  programs: ({ a, b }) => [`print(sum(map(int,str(${a}+${b}))))`, `x=${a}+${b}\nprint(sum(int(d) for d in str(x)))`],
});

const productPlusRemainder = defineFamily<{ base: number; exponent: number; shift: number; modulus: number }>({
  name: "power-plus-remainder",
  kind: "computation",
  draw: (rng, level) => ({
    base: intByLevel(rng, level, [2, 9], [3, 15], [11, 30]),
    exponent: intByLevel(rng, level, [2, 3], [3, 5], [5, 8]),
    shift: intByLevel(rng, level, [2, 30], [20, 99], [100, 999]),
    modulus: intByLevel(rng, level, [13, 40], [40, 99], [101, 999]),
  }),
  answer: ({ base, exponent, shift, modulus }) => (base ** exponent + shift) % modulus,
  seen: [
    ({ base, exponent, shift, modulus }) =>
      `Find the remainder when ${base}^${exponent} + ${shift} is divided by ${modulus}.`,
    ({ base, exponent, shift, modulus }) => `What is ${base}^${exponent} + ${shift} mod ${modulus}?`,
  ],
  unseen: [({ base, exponent, shift, modulus }) => `Add ${shift} to ${base}^${exponent}. What is left by ${modulus}?`],
  worked: ({ base, exponent, shift, modulus }) => [
    [
      `${base}^${exponent}=${base ** exponent}`,
      `${base ** exponent}+${shift}=${base ** exponent + shift}`,
      divisionLine(base ** exponent + shift, modulus),
    ],
  ],
  programs: ({ base, exponent, shift, modulus }) => [
    `print((${base}**${exponent}+${shift})%${modulus})`,
    `x=${base}**${exponent}+${shift}\nprint(x%${modulus})`,
  ],
});

const primesBetween = ({ low, high }: { low: number; high: number }): number[] => primesIn(low, high);

const primesBetweenSum = defineFamily<{ low: number; high: number }>({
  name: "sum-of-primes-between",
  kind: "number-theory",
  draw: (rng, level) => {
    const low = intByLevel(rng, level, [2, 40], [10, 60], [25, 70]);
    return { low, high: low + intByLevel(rng, level, [10, 30], [15, 40], [25, 49]) };
  },
  answer: (range) => sumOf(primesBetween(range)),
  seen: [
    ({ low, high }) => `Find the sum of the primes from ${low} to ${high}.`,
    ({ low, high }) => `What is the sum of all primes from ${low} to ${high}?`,
  ],
  unseen: [({ low, high }) => `Add every prime between ${low} and ${high}.`],
  worked: (range) => {
    const found = primesBetween(range);
    const lines = [`${found.join("+")}=${sumOf(found)}`];
    return [[found.join(" "), ...lines]];
  },
  programs: ({ low, high }) => [
    `print(sum(n for n in range(${low},${high}+1) if all(n%i for i in range(2,n))))`,
    `s=0\nfor n in range(${low},${high}+1):\n if all(n%i for i in range(2,n)): s+=n\nprint(s)`,
  ],
});

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

const multiplesOfBoth = defineFamily<TwoSteps>({
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

const noMultiples = defineFamily<TwoSteps>({
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

const chooseOr = defineFamily<{ a: number; b: number; k: number }>({
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

const chooseThenOne = defineFamily<{ n: number; k: number }>({
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

export const furtherNumbers: readonly Family[] = [
  lcmOfThree,
  gcdWithSquare,
  lcmOfSquares,
  digitSumOfSum,
  productPlusRemainder,
  primesBetweenSum,
  multiplesOfBoth,
  noMultiples,
  chooseOr,
  chooseThenOne,
];
