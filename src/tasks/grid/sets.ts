/**
 * Numbers of a kind up to a limit, those of them that something is true of, and what is asked of those. The benchmark's
 * two are left out: the sum of all primes, and how many multiples of one number are not multiples of another.
 */
import type { Rng } from "../../core/rng";
import { defineFamily, intByLevel, type Range } from "../define-family";
import type { Family, Level } from "../task";
import { divisionLine } from "../worked";
import { isPrime, span, sumOf } from "../whole-numbers";

/** A condition on a number `i`, and how it is said. */
interface Condition {
  words: string;
  /** "" where nothing is asked of a number. */
  python: string;
  /** The first number for which the Python is true to the words, where that is not 1. */
  from?: number;
  holds: (i: number) => boolean;
}

type ConditionKind = (rng: Rng, level: Level) => Condition;

const steps = (rng: Rng, level: Level): number => intByLevel(rng, level, [2, 6], [3, 9], [4, 13]);

const setNames = ["multiples", "primes", "numbers", "even", "odd"] as const;
type SetName = (typeof setNames)[number];

/** Which numbers. */
const sets: Record<SetName, ConditionKind> = {
  multiples: (rng, level) => {
    const step = steps(rng, level) + 1;
    return { words: `multiples of ${step}`, python: `i%${step}==0`, holds: (i) => i % step === 0 };
  },
  primes: () => ({ words: "primes", python: "all(i%d for d in range(2,i))", holds: isPrime, from: 2 }),
  numbers: () => ({ words: "numbers", python: "", holds: () => true }),
  even: () => ({ words: "even numbers", python: "i%2==0", holds: (i) => i % 2 === 0 }),
  odd: () => ({ words: "odd numbers", python: "i%2==1", holds: (i) => i % 2 === 1 }),
};

const filterNames = ["all", "multiples", "no-multiples", "larger", "ending"] as const;
type FilterName = (typeof filterNames)[number];

/** Which of them. */
const filters: Record<FilterName, ConditionKind> = {
  all: () => ({ words: "", python: "", holds: () => true }),
  multiples: (rng, level) => {
    const step = steps(rng, level);
    return { words: ` that are multiples of ${step}`, python: `i%${step}==0`, holds: (i) => i % step === 0 };
  },
  "no-multiples": (rng, level) => {
    const step = steps(rng, level);
    return { words: ` that are not multiples of ${step}`, python: `i%${step}!=0`, holds: (i) => i % step !== 0 };
  },
  larger: (rng, level) => {
    const least = intByLevel(rng, level, [3, 20], [10, 70], [30, 150]);
    return { words: ` that are larger than ${least}`, python: `i>${least}`, holds: (i) => i > least };
  },
  ending: (rng) => {
    const digit = rng.int(1, 9);
    return { words: ` that end in ${digit}`, python: `i%10==${digit}`, holds: (i) => i % 10 === digit };
  },
};

interface Drawn {
  set: Condition;
  filter: Condition;
  limit: number;
  found: readonly number[];
}

/** How many numbers a worked solution lists at most. */
const listed = 13;

const drawLimit = 4000;

interface Drawing {
  limits: readonly [Range, Range, Range];
  allowed: readonly FilterName[];
  /** How many numbers there may be. */
  most: number;
}

function draw(rng: Rng, level: Level, name: SetName, { limits, allowed, most }: Drawing): Drawn {
  for (let attempt = 0; attempt < drawLimit; attempt++) {
    const set = sets[name](rng, level);
    const filter = filters[rng.pick(allowed)](rng, level);
    const limit = intByLevel(rng, level, ...limits);
    const members = span([1, limit]).filter(set.holds);
    const found = members.filter(filter.holds);
    // A condition that all of them meet would be none.
    const isIdle = filter.words !== "" && found.length === members.length;
    if (!isIdle && found.length >= 2 && found.length <= most) return { set, filter, limit, found };
  }
  throw new RangeError(`${name}, level ${level}: ${drawLimit} draws gave no list that is short enough`);
}

const condition = ({ set, filter }: Drawn): string =>
  [set.python, filter.python].filter((python) => python !== "").join(" and ") || "i>0";

const noun = ({ set, filter, limit }: Drawn): string => `${set.words} up to ${limit}${filter.words}`;

/** What is asked of a list, over Python that goes through it. */
interface Measure extends Pick<Drawing, "limits" | "most"> {
  of: (these: string) => string;
  answer: (found: readonly number[]) => number;
  worked: (found: readonly number[]) => readonly string[];
  python: (list: string) => string;
}

const measures = {
  sum: {
    of: (these) => `the sum of the ${these}`,
    answer: sumOf,
    worked: (found) => [`${found.join("+")}=${sumOf(found)}`],
    python: (list) => `sum(${list})`,
    limits: [
      [12, 60],
      [30, 120],
      [60, 300],
    ],
    most: listed,
  },
  largest: {
    of: (these) => `the largest of the ${these}`,
    answer: (found) => Math.max(...found),
    worked: (found) => [found.slice(-4).join(" "), `so ${Math.max(...found)}`],
    python: (list) => `max(${list})`,
    limits: [
      [20, 150],
      [60, 400],
      [200, 999],
    ],
    most: Infinity,
  },
} satisfies Record<string, Measure>;

/** Not asked: what the benchmark asks, and what has its answer in the question. */
const left = new Set(["sum primes all", "largest numbers all", "largest numbers larger"]);

function familyOf(measure: keyof typeof measures, name: SetName): Family {
  const { of, answer, worked, python, limits, most }: Measure = measures[measure];
  const allowed = filterNames.filter((filter) => !left.has(`${measure} ${name} ${filter}`));
  return defineFamily<Drawn>({
    name: `${measure}-of-${name}`,
    kind: "number-theory",
    draw: (rng, level) => draw(rng, level, name, { limits, allowed, most }),
    answer: ({ found }) => answer(found),
    seen: [(drawn) => `Find ${of(noun(drawn))}.`, (drawn) => `What is ${of(noun(drawn))}?`],
    unseen: [(drawn) => `Compute ${of(noun(drawn))}.`],
    worked: ({ found }) => [worked(found)],
    programs: (drawn) => [
      `print(${python(`i for i in range(${drawn.set.from ?? 1},${drawn.limit}+1) if ${condition(drawn)}`)})`,
      `x=[i for i in range(${drawn.set.from ?? 1},${drawn.limit}+1) if ${condition(drawn)}]\nprint(${python("x")})`,
    ],
  });
}

/** Counts, worked out by division and not by listing. */
interface Counted {
  step: number;
  other: number;
  limit: number;
}

interface Counting {
  words: (counted: Counted) => string;
  python: (counted: Counted) => string;
  count: (counted: Counted) => number;
  /** Lines of which the last ends in the count. */
  worked: (counted: Counted) => readonly string[];
}

const below = (limit: number, step: number): number => Math.floor(limit / step);

const between = ({ step, other, limit }: Counted): number => below(limit, step) - below(other, step);

const betweenLines = (counted: Counted): string[] => {
  const { step, other, limit } = counted;
  return [
    divisionLine(limit, step),
    divisionLine(other, step),
    `${below(limit, step)}-${below(other, step)}=${between(counted)}`,
  ];
};

const counts: Record<string, Counting> = {
  "larger-multiples": {
    words: ({ step, other, limit }) => `multiples of ${step} up to ${limit} that are larger than ${other}`,
    python: ({ step, other }) => `i%${step}==0 and i>${other}`,
    count: between,
    worked: betweenLines,
  },
  "larger-no-multiples": {
    words: ({ step, other, limit }) =>
      `numbers up to ${limit} that are larger than ${other} and not multiples of ${step}`,
    python: ({ step, other }) => `i>${other} and i%${step}!=0`,
    count: (counted) => counted.limit - counted.other - between(counted),
    worked: (counted) => {
      const all = counted.limit - counted.other;
      return [
        `${counted.limit}-${counted.other}=${all}`,
        ...betweenLines(counted),
        `${all}-${between(counted)}=${all - between(counted)}`,
      ];
    },
  },
};

function countingFamily(name: string, { words, python, count, worked }: Counting): Family {
  return defineFamily<Counted>({
    name: `number-of-${name}`,
    kind: "combinatorics",
    draw: (rng, level) => ({
      step: steps(rng, level) + 1,
      other: intByLevel(rng, level, [10, 40], [20, 90], [50, 250]),
      limit: intByLevel(rng, level, [60, 200], [150, 500], [400, 999]),
    }),
    answer: count,
    seen: [(counted) => `Find the number of ${words(counted)}.`, (counted) => `How many ${words(counted)} are there?`],
    unseen: [(counted) => `Count the ${words(counted)}.`],
    worked: (counted) => [worked(counted)],
    programs: (counted) => [
      `print(sum(${python(counted)} for i in range(1,${counted.limit}+1)))`,
      `print(len([i for i in range(1,${counted.limit}+1) if ${python(counted)}]))`,
    ],
  });
}

export const setsOfNumbers: readonly Family[] = [
  ...(["sum", "largest"] as const).flatMap((measure) => setNames.map((name) => familyOf(measure, name))),
  ...Object.entries(counts).map(([name, counting]) => countingFamily(name, counting)),
];
