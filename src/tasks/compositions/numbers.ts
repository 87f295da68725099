/** Compositions of divisors, digits, multiples and primes. */
import { byLevel, defineFamily, intByLevel, pairWithDivisor } from "../define-family";
import type { Family } from "../task";
import { digitSum, digitSumLine, divisionLine, euclidLines, powerLines, productLines } from "../worked";
import { greatestCommonDivisor, leastCommonMultiple, primesIn, sumOf } from "../whole-numbers";

const multiplesSumRemainder = defineFamily<{ step: number; limit: number; modulus: number }>({
  name: "multiples-sum-remainder",
  kind: "computation",
  draw: (rng, level) => ({
    step: intByLevel(rng, level, [3, 9], [5, 12], [6, 15]),
    limit: intByLevel(rng, level, [20, 40], [60, 120], [300, 900]),
    modulus: intByLevel(rng, level, [11, 30], [30, 99], [101, 999]),
  }),
  answer: ({ step, limit, modulus }) => sumOfMultiples(step, limit) % modulus,
  seen: [],
  unseen: [
    ({ step, limit, modulus }) =>
      `Find the remainder when the sum of all multiples of ${step} up to ${limit} is divided by ${modulus}.`,
  ],
  worked: ({ step, limit, modulus }) => {
    const count = Math.floor(limit / step);
    const triangular = (count * (count + 1)) / 2;
    const sum = sumOfMultiples(step, limit);
    return [
      [
        divisionLine(limit, step),
        `${count}*${count + 1}/2=${triangular}`,
        `${step}*${triangular}=${sum}`,
        divisionLine(sum, modulus),
      ],
    ];
  },
  programs: ({ step, limit, modulus }) => [
    `print(sum(range(${step},${limit}+1,${step}))%${modulus})`,
    `print(sum(i for i in range(1,${limit}+1) if i%${step}==0)%${modulus})`,
  ],
});

function sumOfMultiples(step: number, limit: number): number {
  const count = Math.floor(limit / step);
  return (step * count * (count + 1)) / 2;
}

const gcdOfSquares = defineFamily<{ a: number; b: number }>({
  name: "gcd-of-squares",
  kind: "number-theory",
  draw: (rng, level) =>
    pairWithDivisor(rng, intByLevel(rng, level, [2, 9], [5, 20], [10, 31]), byLevel(level, [1, 5], [2, 9], [5, 24])),
  answer: ({ a, b }) => greatestCommonDivisor(a, b) ** 2,
  seen: [],
  unseen: [({ a, b }) => `Find the greatest common divisor of ${a}^2 and ${b}^2.`],
  worked: ({ a, b }) => {
    const divisor = greatestCommonDivisor(a, b);
    return [[...euclidLines(a, b), `${divisor}*${divisor}=${divisor ** 2}`]];
  },
  programs: ({ a, b }) => [
    `import math\nprint(math.gcd(${a}**2,${b}**2))`,
    `from math import gcd\nprint(gcd(${a},${b})**2)`,
  ],
});

const gcdOfThree = defineFamily<{ a: number; b: number; c: number }>({
  name: "gcd-of-three",
  kind: "number-theory",
  draw: (rng, level) => {
    const divisor = intByLevel(rng, level, [2, 15], [5, 30], [12, 60]);
    const { a, b } = pairWithDivisor(rng, divisor, byLevel(level, [1, 6], [2, 9], [3, 15]));
    const shared = rng.int(2, 3);
    return { a: a * shared, b: b * shared, c: divisor * intByLevel(rng, level, [1, 6], [2, 9], [3, 15]) };
  },
  answer: ({ a, b, c }) => greatestCommonDivisor(greatestCommonDivisor(a, b), c),
  seen: [],
  unseen: [({ a, b, c }) => `Find the greatest common divisor of ${a}, ${b} and ${c}.`],
  worked: ({ a, b, c }) => {
    const first = greatestCommonDivisor(a, b);
    return [[...euclidLines(a, b), ...euclidLines(first, c), `so ${greatestCommonDivisor(first, c)}`]];
  },
  programs: ({ a, b, c }) => [
    `import math\nprint(math.gcd(${a},${b},${c}))`,
    `from math import gcd\nprint(gcd(gcd(${a},${b}),${c}))`,
  ],
});

const digitSumOfProduct = defineFamily<{ a: number; b: number }>({
  name: "digit-sum-of-product",
  kind: "computation",
  draw: (rng, level) => ({
    a: intByLevel(rng, level, [11, 19], [21, 99], [201, 999]),
    b: intByLevel(rng, level, [3, 9], [11, 99], [201, 999]),
  }),
  answer: ({ a, b }) => digitSum(a * b),
  seen: [],
  unseen: [({ a, b }) => `Find the sum of the digits of ${a} * ${b}.`],
  worked: ({ a, b }) => [[...productLines(a, b), digitSumLine(a * b)]],
  programs: ({ a, b }) => [`print(sum(map(int,str(${a}*${b}))))`, `x=${a}*${b}\nprint(sum(int(d) for d in str(x)))`],
});

const powerSumRemainder = defineFamily<{ a: number; b: number; exponent: number; modulus: number }>({
  name: "power-sum-remainder",
  kind: "computation",
  draw: (rng, level) => ({
    a: intByLevel(rng, level, [2, 5], [3, 9], [11, 19]),
    b: intByLevel(rng, level, [2, 5], [3, 9], [11, 19]),
    exponent: intByLevel(rng, level, [2, 3], [3, 5], [7, 9]),
    modulus: intByLevel(rng, level, [11, 30], [30, 99], [101, 999]),
  }),
  answer: ({ a, b, exponent, modulus }) => (a ** exponent + b ** exponent) % modulus,
  seen: [],
  unseen: [
    ({ a, b, exponent, modulus }) =>
      `Find the remainder when ${a}^${exponent} + ${b}^${exponent} is divided by ${modulus}.`,
  ],
  worked: ({ a, b, exponent, modulus }) => {
    const sum = a ** exponent + b ** exponent;
    return [
      [
        ...powerLines(a, exponent),
        ...powerLines(b, exponent),
        `${a ** exponent}+${b ** exponent}=${sum}`,
        divisionLine(sum, modulus),
      ],
    ];
  },
  programs: ({ a, b, exponent, modulus }) => [
    `print((${a}**${exponent}+${b}**${exponent})%${modulus})`,
    `m=${modulus}\nprint((pow(${a},${exponent},m)+pow(${b},${exponent},m))%m)`,
  ],
});

const primeSum = defineFamily<{ limit: number }>({
  name: "prime-sum",
  kind: "number-theory",
  draw: (rng, level) => ({ limit: intByLevel(rng, level, [10, 30], [30, 60], [60, 88]) }),
  answer: ({ limit }) => sumOf(primesIn(2, limit)),
  seen: [],
  unseen: [({ limit }) => `Find the sum of the primes up to ${limit}.`],
  worked: ({ limit }) => {
    const primes = primesIn(2, limit);
    return [[`${primes.join("+")}=${sumOf(primes)}`]];
  },
  programs: ({ limit }) => [
    `print(sum(n for n in range(2,${limit}+1) if all(n%i for i in range(2,n))))`,
    `s=0\nfor n in range(2,${limit}+1):\n if all(n%i for i in range(2,n)): s+=n\nprint(s)`,
  ],
});

const multiplesOfOneOnly = defineFamily<{ a: number; b: number; limit: number }>({
  name: "multiples-of-one-only",
  kind: "combinatorics",
  draw: (rng, level) => ({
    a: rng.pick(byLevel(level, [2, 3, 5], [3, 5, 7], [5, 7, 11])),
    b: rng.pick(byLevel(level, [4, 7], [4, 8], [6, 8, 9])),
    limit: intByLevel(rng, level, [20, 60], [80, 200], [300, 900]),
  }),
  answer: ({ a, b, limit }) => Math.floor(limit / a) - Math.floor(limit / leastCommonMultiple(a, b)),
  seen: [],
  unseen: [({ a, b, limit }) => `Find the number of multiples of ${a} up to ${limit} that are not multiples of ${b}.`],
  worked: ({ a, b, limit }) => {
    const all = Math.floor(limit / a);
    const both = Math.floor(limit / leastCommonMultiple(a, b));
    return [[divisionLine(limit, a), divisionLine(limit, leastCommonMultiple(a, b)), `${all}-${both}=${all - both}`]];
  },
  programs: ({ a, b, limit }) => [
    `print(sum(i%${a}==0 and i%${b}!=0 for i in range(1,${limit}+1)))`,
    `print(len([i for i in range(${a},${limit}+1,${a}) if i%${b}]))`,
  ],
});

export const numberCompositions: readonly Family[] = [
  multiplesSumRemainder,
  gcdOfSquares,
  gcdOfThree,
  digitSumOfProduct,
  powerSumRemainder,
  primeSum,
  multiplesOfOneOnly,
];
