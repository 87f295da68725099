/**
 * Two numbers, known in one of several ways, and something that is asked of them. Every way meets every question but
 * where one gives the other away, and but for the two pairs that the benchmark asks.
 */
import type { Rng } from "../../core/rng";
import { defineFamily, intByLevel, type Range } from "../define-family";
import type { Family, Level } from "../task";
import { productLines } from "../worked";

interface Two {
  small: number;
  large: number;
}

/** A way to know two numbers. */
interface Known {
  /** The beginning of a sentence. */
  told: (two: Two) => string;
  /** A noun phrase for the two. */
  phrase: (two: Two) => string;
  /** Python for the larger, then for the smaller from `x`, the larger. */
  python: (two: Two, x: string) => readonly [larger: string, smaller: string];
  worked: (two: Two) => readonly string[];
}

const pairOf = (facts: (two: Two) => string, numbers = "numbers"): Pick<Known, "told" | "phrase"> => ({
  told: (two) => `Two ${numbers} have ${facts(two)}`,
  phrase: (two) => `two ${numbers} with ${facts(two)}`,
});

const factors = ({ small, large }: Two): string => `${small}*${large}=${small * large}`;

const equation = ({ small, large }: Two): string => `x^2 - ${small + large}x + ${small * large} = 0`;

const ways = {
  difference: {
    ...pairOf(({ small, large }) => `sum ${small + large} and difference ${large - small}`),
    python: ({ small, large }, x) => [`(${small + large}+${large - small})//2`, `${small + large}-${x}`],
    worked: ({ small, large }) => [
      `(${small + large}+${large - small})/2=${large}`,
      `${small + large}-${large}=${small}`,
    ],
  },
  product: {
    ...pairOf(({ small, large }) => `sum ${small + large} and product ${small * large}`),
    python: ({ small, large }, x) => [
      `max(n for n in range(${small + large}) if n*(${small + large}-n)==${small * large})`,
      `${small + large}-${x}`,
    ],
    worked: (two) => [factors(two), `${two.small}+${two.large}=${two.small + two.large}`],
  },
  apart: {
    // Two negative numbers would do as well.
    ...pairOf(({ small, large }) => `difference ${large - small} and product ${small * large}`, "positive numbers"),
    python: ({ small, large }, x) => [
      `next(n for n in range(1,1000) if n*(n-${large - small})==${small * large})`,
      `${x}-${large - small}`,
    ],
    worked: (two) => [factors(two), `${two.large}-${two.small}=${two.large - two.small}`],
  },
  roots: {
    told: (two) => `Two numbers are the roots of ${equation(two)}`,
    phrase: (two) => `the roots of ${equation(two)}`,
    python: ({ small, large }, x) => [
      `max(n for n in range(${small + large}) if n*n-${small + large}*n+${small * large}==0)`,
      `${small + large}-${x}`,
    ],
    worked: (two) => [factors(two), `${two.small}+${two.large}=${two.small + two.large}`],
  },
} satisfies Record<string, Known>;

type Way = keyof typeof ways;

/** What is asked of two numbers; `k` is a number that some questions bring along. */
interface Asked {
  /** Of "their ..." where it can be said so, and of a phrase for the two. */
  own: (k: number) => string;
  of: (phrase: string, k: number) => string;
  /** Over the names of the larger and the smaller. */
  python: (x: string, y: string, k: number) => string;
  answer: (two: Two, k: number) => number;
  worked: (two: Two, k: number) => readonly string[];
  /** How the two may be known. */
  ways: readonly Way[];
  /** Of the larger number, by level; of the smaller where that is what is asked about. */
  sizes: readonly [Range, Range, Range];
  aboutSmaller?: boolean;
}

const squaring: Asked["sizes"] = [
  [3, 12],
  [8, 20],
  [15, 31],
];
const plain: Asked["sizes"] = [
  [8, 40],
  [12, 60],
  [40, 150],
];
const all: readonly Way[] = ["difference", "product", "apart", "roots"];

const square = (n: number): string => `${n}*${n}=${n * n}`;

/** Questions about one of the two. */
const ofOne = (which: "larger" | "smaller") => {
  const one = ({ small, large }: Two): number => (which === "larger" ? large : small);
  const name = (x: string, y: string): string => (which === "larger" ? x : y);
  const aboutSmaller = which === "smaller";
  return {
    [which]: {
      own: () => `the ${which}`,
      of: (phrase) => `the ${which} of ${phrase}`,
      python: name,
      answer: one,
      worked: (two) => [`so ${one(two)}`],
      ways: all,
      sizes: plain,
      aboutSmaller,
    },
    [`square-of-${which}`]: {
      own: () => `the square of the ${which}`,
      of: (phrase) => `the square of the ${which} of ${phrase}`,
      python: (x, y) => `${name(x, y)}**2`,
      answer: (two) => one(two) ** 2,
      worked: (two) => [square(one(two))],
      ways: all,
      sizes: squaring,
      aboutSmaller,
    },
    [`multiple-of-${which}`]: {
      own: (k) => `${k} times the ${which}`,
      of: (phrase, k) => `${k} times the ${which} of ${phrase}`,
      python: (x, y, k) => `${k}*${name(x, y)}`,
      answer: (two, k) => k * one(two),
      worked: (two, k) => productLines(one(two), k),
      ways: all,
      sizes: plain,
      aboutSmaller,
    },
  } satisfies Record<string, Asked>;
};

const ofBoth = {
  sum: {
    own: () => "their sum",
    of: (phrase) => `the sum of ${phrase}`,
    python: (x, y) => `${x}+${y}`,
    answer: ({ small, large }) => large + small,
    worked: ({ small, large }) => [`${large}+${small}=${large + small}`],
    ways: ["apart", "roots"],
    sizes: plain,
  },
  difference: {
    own: () => "their difference",
    of: (phrase) => `the difference of ${phrase}`,
    python: (x, y) => `${x}-${y}`,
    answer: ({ small, large }) => large - small,
    worked: ({ small, large }) => [`${large}-${small}=${large - small}`],
    ways: ["product", "roots"],
    sizes: plain,
  },
  // The benchmark asks for the product by sum and difference: products are asked by the roots alone.
  product: {
    own: () => "their product",
    of: (phrase) => `the product of ${phrase}`,
    python: (x, y) => `${x}*${y}`,
    answer: ({ small, large }) => large * small,
    worked: ({ small, large }) => [`${large}*${small}=${large * small}`],
    ways: ["roots"],
    sizes: squaring,
  },
  // And for this by the roots.
  "sum-of-squares": {
    own: () => "the sum of their squares",
    of: (phrase) => `the sum of the squares of ${phrase}`,
    python: (x, y) => `${x}**2+${y}**2`,
    answer: ({ small, large }) => large ** 2 + small ** 2,
    worked: ({ small, large }) => [
      square(large),
      square(small),
      `${large ** 2}+${small ** 2}=${large ** 2 + small ** 2}`,
    ],
    ways: ["difference", "product", "apart"],
    sizes: squaring,
  },
  "difference-of-squares": {
    own: () => "the difference of their squares",
    of: (phrase) => `the difference of the squares of ${phrase}`,
    python: (x, y) => `${x}**2-${y}**2`,
    answer: ({ small, large }) => large ** 2 - small ** 2,
    worked: ({ small, large }) => [
      square(large),
      square(small),
      `${large ** 2}-${small ** 2}=${large ** 2 - small ** 2}`,
    ],
    ways: all,
    sizes: squaring,
  },
  "multiple-of-product": {
    own: (k) => `${k} times their product`,
    of: (phrase, k) => `${k} times the product of ${phrase}`,
    python: (x, y, k) => `${k}*${x}*${y}`,
    answer: ({ small, large }, k) => k * large * small,
    worked: ({ small, large }, k) => [`${large}*${small}=${large * small}`, ...productLines(large * small, k)],
    ways: ["roots"],
    sizes: [
      [3, 10],
      [4, 15],
      [6, 20],
    ],
  },
  "more-than-product": {
    own: (k) => `the sum of ${k} and their product`,
    of: (phrase, k) => `the sum of ${k} and the product of ${phrase}`,
    python: (x, y, k) => `${k}+${x}*${y}`,
    answer: ({ small, large }, k) => k + large * small,
    worked: ({ small, large }, k) => [
      `${large}*${small}=${large * small}`,
      `${k}+${large * small}=${k + large * small}`,
    ],
    ways: ["roots"],
    sizes: squaring,
  },
  "sum-of-cubes": {
    own: () => "the sum of their cubes",
    of: (phrase) => `the sum of the cubes of ${phrase}`,
    python: (x, y) => `${x}**3+${y}**3`,
    answer: ({ small, large }) => large ** 3 + small ** 3,
    worked: ({ small, large }) => [
      `${large}^3=${large ** 3}`,
      `${small}^3=${small ** 3}`,
      `${large ** 3}+${small ** 3}=${large ** 3 + small ** 3}`,
    ],
    ways: all,
    sizes: [
      [3, 9],
      [5, 9],
      [6, 9],
    ],
  },
} satisfies Record<string, Asked>;

interface Drawn {
  two: Two;
  k: number;
  known: Known;
}

function draw(rng: Rng, level: Level, { ways: allowed, sizes, aboutSmaller = false }: Asked): Drawn {
  const size = intByLevel(rng, level, ...sizes);
  const two = aboutSmaller
    ? { small: size, large: size + intByLevel(rng, level, [1, 9], [1, 20], [1, 60]) }
    : { small: rng.int(1, size - 1), large: size };
  return { two, k: rng.int(2, 9), known: ways[rng.pick(allowed)] };
}

function familyOf(name: string, asked: Asked): Family {
  return defineFamily<Drawn>({
    name: `two-numbers-${name}`,
    kind: "equations",
    draw: (rng, level) => draw(rng, level, asked),
    answer: ({ two, k }) => asked.answer(two, k),
    seen: [
      ({ two, k, known }) => `${known.told(two)}. Find ${asked.own(k)}.`,
      ({ two, k, known }) => `Find ${asked.of(known.phrase(two), k)}.`,
      ({ two, k, known }) => `What is ${asked.of(known.phrase(two), k)}?`,
    ],
    unseen: [({ two, k, known }) => `Compute ${asked.of(known.phrase(two), k)}.`],
    worked: ({ two, k, known }) => [[...known.worked(two), ...asked.worked(two, k)]],
    programs: ({ two, k, known }) =>
      [
        ["x", "y"],
        ["a", "b"],
      ].map(([x, y]) => {
        const [larger, smaller] = known.python(two, x);
        return `${x}=${larger}\n${y}=${smaller}\nprint(${asked.python(x, y, k)})`;
      }),
  });
}

export const twoNumbers: readonly Family[] = Object.entries({ ...ofOne("larger"), ...ofOne("smaller"), ...ofBoth }).map(
  ([name, asked]) => familyOf(name, asked),
);
