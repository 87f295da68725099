/** Closer kin of the benchmark's compositions: the same things, asked for something else. */
import { byLevel, defineFamily, intByLevel, pairWithDivisor, type Range } from "../define-family";
import type { Family } from "../task";
import { choiceLine, divisionLine, euclidLines, longDivisionLines, productLines } from "../worked";
import { choose, greatestCommonDivisor, isPrime, primesIn, span, sumOf } from "../whole-numbers";

interface Box {
  a: number;
  b: number;
  c: number;
}

const boxSurface = defineFamily<Box>({
  name: "box-surface",
  kind: "geometry",
  draw: (rng, level) => {
    const side = (): number => intByLevel(rng, level, [2, 9], [3, 14], [5, 19]);
    return { a: side(), b: side(), c: side() };
  },
  answer: ({ a, b, c }) => 2 * (a * b + b * c + c * a),
  seen: [
    ({ a, b, c }) => `A box has sides ${a}, ${b} and ${c}. Find the area of its surface.`,
    ({ a, b, c }) => `What is the area of the surface of a box with sides ${a}, ${b} and ${c}?`,
  ],
  unseen: [({ a, b, c }) => `A box, ${a} by ${b} by ${c}, is painted on all sides. How large is the area?`],
  worked: ({ a, b, c }) => [
    [
      `${a}*${b}=${a * b}`,
      `${b}*${c}=${b * c}`,
      `${c}*${a}=${c * a}`,
      `2*(${a * b}+${b * c}+${c * a})=${2 * (a * b + b * c + c * a)}`,
    ],
  ],
  programs: ({ a, b, c }) => [
    `print(2*(${a}*${b}+${b}*${c}+${c}*${a}))`,
    `a=${a}\nb=${b}\nc=${c}\nprint(2*(a*b+b*c+c*a))`,
  ],
});

const boxBase = defineFamily<Box>({
  name: "diagonal-of-a-box-side",
  kind: "geometry",
  draw: (rng, level) => {
    const side = (): number => intByLevel(rng, level, [2, 10], [6, 17], [9, 22]);
    return { a: side(), b: side(), c: side() };
  },
  answer: ({ a, b }) => a * a + b * b,
  seen: [
    ({ a, b, c }) => `A box is ${a} long, ${b} wide and ${c} high. Find the square of the diagonal of its base.`,
    ({ a, b, c }) => `A box has sides ${a}, ${b} and ${c}. Find the square of the diagonal of the side ${a} by ${b}.`,
  ],
  unseen: [({ a, b, c }) => `What is the diagonal of the ground of a room, ${a} by ${b} and ${c} high, squared?`],
  worked: ({ a, b }) => [[`${a}*${a}=${a * a}`, `${b}*${b}=${b * b}`, `${a * a}+${b * b}=${a * a + b * b}`]],
  programs: ({ a, b }) => [`print(${a}**2+${b}**2)`, `a=${a}\nb=${b}\nprint(a*a+b*b)`],
});

const sideFromDiagonal = defineFamily<{ diagonal: number; side: number }>({
  name: "rectangle-side-from-diagonal",
  kind: "geometry",
  draw: (rng, level) => {
    const diagonal = intByLevel(rng, level, [5, 15], [12, 30], [25, 99]);
    return { diagonal, side: rng.int(2, diagonal - 1) };
  },
  answer: ({ diagonal, side }) => diagonal ** 2 - side ** 2,
  seen: [
    ({ diagonal, side }) =>
      `A rectangle has diagonal ${diagonal} and a side ${side}. Find the square of the other side.`,
    ({ diagonal, side }) =>
      `The diagonal of a rectangle is ${diagonal}, a side is ${side}. What is the other side squared?`,
  ],
  unseen: [({ diagonal, side }) => `A rope of ${diagonal} reaches ${side} far. How high does it hang, squared?`],
  worked: ({ diagonal, side }) => [
    [
      `${diagonal}*${diagonal}=${diagonal ** 2}`,
      `${side}*${side}=${side ** 2}`,
      `${diagonal ** 2}-${side ** 2}=${diagonal ** 2 - side ** 2}`,
    ],
  ],
  programs: ({ diagonal, side }) => [
    `print(${diagonal}**2-${side}**2)`,
    `a=${diagonal}\nb=${side}\nprint((a+b)*(a-b))`,
  ],
});

const parallelogramBoundary = defineFamily<{ a: number; b: number; c: number }>({
  name: "parallelogram-boundary",
  kind: "geometry",
  draw: (rng, level) => {
    const divisor = intByLevel(rng, level, [2, 12], [3, 20], [5, 30]);
    const { a: b, b: c } = pairWithDivisor(rng, divisor, byLevel<Range>(level, [1, 6], [2, 9], [3, 12]));
    return { a: intByLevel(rng, level, [3, 30], [20, 150], [50, 400]), b, c };
  },
  answer: ({ a, b, c }) => 2 * (a + greatestCommonDivisor(b, c)),
  seen: [
    ({ a, b, c }) =>
      `How many lattice points are on the sides of the parallelogram (0,0), (${a},0), (${a + b},${c}), (${b},${c})?`,
    ({ a, b, c }) =>
      `Find the number of lattice points on the four sides of (0,0), (${a},0), (${a + b},${c}), (${b},${c}).`,
  ],
  unseen: [
    ({ a, b, c }) => `A wall runs from (0,0) by (${a},0), (${a + b},${c}) and (${b},${c}) back. Count its grid points.`,
  ],
  worked: ({ a, b, c }) => {
    const divisor = greatestCommonDivisor(b, c);
    return [[...euclidLines(b, c), `2*(${a}+${divisor})=${2 * (a + divisor)}`]];
  },
  programs: ({ a, b, c }) => [
    `import math\nprint(2*(${a}+math.gcd(${b},${c})))`,
    `from math import gcd\nprint(2*${a}+2*gcd(${b},${c}))`,
  ],
});

interface Two {
  small: number;
  large: number;
}

const squaresFromProduct = defineFamily<Two>({
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

const rootProductTimes = defineFamily<Two & { factor: number }>({
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

const largerTimes = defineFamily<Two & { factor: number }>({
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

const xTwice = defineFamily<{ left: number; right: number; x: number }>({
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

const chooseAndRest = defineFamily<{ n: number; k: number; m: number }>({
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

interface Multiples {
  a: number;
  b: number;
  limit: number;
}

const inOneOnly = ({ a, b, limit }: Multiples): number[] => span([1, limit]).filter((n) => n % a === 0 && n % b !== 0);

const sumOfOneOnly = defineFamily<Multiples>({
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

const largestPrime = defineFamily<{ limit: number }>({
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

const sumOfNoPrimes = defineFamily<{ limit: number }>({
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

export const furtherKin: readonly Family[] = [
  boxSurface,
  boxBase,
  sideFromDiagonal,
  parallelogramBoundary,
  squaresFromProduct,
  rootProductTimes,
  largerTimes,
  xTwice,
  chooseAndRest,
  sumOfOneOnly,
  largestPrime,
  sumOfNoPrimes,
];
