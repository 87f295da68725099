/** Further divisors, digits, multiples and primes, and further choices. */
import { byLevel, defineFamily, intByLevel, pairWithDivisor, type Range } from "../define-family";
import { digitSum, digitSumLine, divisionLine, euclidLines } from "../worked";
import { greatestCommonDivisor, isPrime, leastCommonMultiple, primesIn, span, sumOf } from "../whole-numbers";

export const lcmOfThree = defineFamily<{ a: number; b: number; c: number }>({
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

export const gcdWithSquare = defineFamily<{ a: number; b: number }>({
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

export const lcmOfSquares = defineFamily<{ a: number; b: number }>({
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

export const digitSumOfSum = defineFamily<{ a: number; b: number }>({
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

export const productPlusRemainder = defineFamily<{ base: number; exponent: number; shift: number; modulus: number }>({
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

export const primesBetweenSum = defineFamily<{ low: number; high: number }>({
  name: "sum-of-primes-between",
  kind: "number-theory",
  draw: (rng, level) => {
    const low = intByLevel(rng, level, [4, 40], [10, 60], [25, 70]);
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

interface Multiples {
  a: number;
  b: number;
  limit: number;
}

const inOneOnly = ({ a, b, limit }: Multiples): number[] => span([1, limit]).filter((n) => n % a === 0 && n % b !== 0);

export const sumOfOneOnly = defineFamily<Multiples>({
  name: "sum-of-multiples-of-one-only",
  kind: "computation",
  draw: (rng, level) => {
    for (;;) {
      const numbers = {
        a: intByLevel(rng, level, [3, 7], [5, 11], [7, 15]),
        b: intByLevel(rng, level, [2, 5], [2, 7], [2, 9]),
        limit: intByLevel(rng, level, [15, 45], [40, 90], [80, 150]),
      };
      if (inOneOnly(numbers).length > 1) return numbers;
    }
  },
  answer: (numbers) => sumOf(inOneOnly(numbers)),
  seen: [
    ({ a, b, limit }) => `Find the sum of the multiples of ${a} up to ${limit} that are not multiples of ${b}.`,
    ({ a, b, limit }) => `What is the sum of all multiples of ${a} up to ${limit} that are not multiples of ${b}?`,
  ],
  unseen: [({ a, b, limit }) => `Add what ${a} divides but ${b} does not, from 1 to ${limit}.`],
  worked: (numbers) => {
    const found = inOneOnly(numbers);
    return [[`${found.join("+")}=${sumOf(found)}`]];
  },
  programs: ({ a, b, limit }) => [
    `print(sum(i for i in range(1,${limit}+1) if i%${a}==0 and i%${b}!=0))`,
    `print(sum(i for i in range(${a},${limit}+1,${a}) if i%${b}))`,
  ],
});

export const largestPrime = defineFamily<{ limit: number }>({
  name: "largest-prime",
  kind: "number-theory",
  draw: (rng, level) => ({ limit: intByLevel(rng, level, [20, 150], [100, 400], [300, 999]) }),
  answer: ({ limit }) => Math.max(...primesIn(2, limit)),
  seen: [
    ({ limit }) => `Find the largest prime up to ${limit}.`,
    ({ limit }) => `What is the largest of the primes up to ${limit}?`,
  ],
  unseen: [({ limit }) => `Which is the last prime before ${limit + 1}?`],
  worked: ({ limit }) => {
    const near = primesIn(Math.max(2, limit - 24), limit);
    return [[near.join(" "), `so ${near.at(-1) ?? 2}`]];
  },
  programs: ({ limit }) => [
    `print(max(n for n in range(2,${limit}+1) if all(n%i for i in range(2,n))))`,
    `n=${limit}\nwhile not all(n%i for i in range(2,n)): n-=1\nprint(n)`,
  ],
});

export const sumOfNoPrimes = defineFamily<{ limit: number }>({
  name: "sum-of-numbers-that-are-not-prime",
  kind: "number-theory",
  draw: (rng, level) => ({ limit: intByLevel(rng, level, [10, 30], [14, 38], [20, 48]) }),
  answer: ({ limit }) => sumOf(span([1, limit]).filter((n) => !isPrime(n))),
  seen: [
    ({ limit }) => `Find the sum of the numbers up to ${limit} that are not primes.`,
    ({ limit }) => `What is the sum of all numbers from 1 to ${limit} that are not prime?`,
  ],
  unseen: [({ limit }) => `Add the numbers from 1 to ${limit}, but leave the primes out.`],
  worked: ({ limit }) => {
    const found = primesIn(1, limit);
    const all = (limit * (limit + 1)) / 2;
    return [
      [
        `${limit}*${limit + 1}/2=${all}`,
        `${found.join("+")}=${sumOf(found)}`,
        `${all}-${sumOf(found)}=${all - sumOf(found)}`,
      ],
    ];
  },
  programs: ({ limit }) => [
    `print(sum(n for n in range(1,${limit}+1) if n<2 or not all(n%i for i in range(2,n))))`,
    `s=1\nfor n in range(2,${limit}+1):\n if not all(n%i for i in range(2,n)): s+=n\nprint(s)`,
  ],
});
