/** What a two-step question does with its number. Each has its words, its Python and the lines that work it out. */
import type { Rng } from "../../core/rng";
import { byLevel, intByLevel, type Range } from "../define-family";
import type { Level } from "../task";
import { digitSum, digitSumLine, divisionLine, productLines } from "../worked";
import { divisorsOf, sumOf } from "../whole-numbers";

/** A last step, its own numbers drawn. */
export interface Operation {
  words(of: string): string;
  apply(value: number): number;
  /** A Python expression of the result. */
  python(x: string): string;
  worked(value: number): readonly string[];
}

export interface OperationKind {
  /** Which values it is asked about: of others the answer is plain to see, too large, or always the same. */
  takes(level: Level): Range;
  /** Its Python names the value more than once, so that the value needs a name. */
  repeats?: true;
  draw(rng: Rng, level: Level): Operation;
}

const anything = Number.MAX_SAFE_INTEGER;

/** A compound expression in brackets, so that an operator beside it takes all of it. */
function term(python: string): string {
  return /^[\w.]+(\([^()]*\))?$/.test(python) ? python : `(${python})`;
}

const itself: OperationKind = {
  takes: () => [0, 999],
  draw: () => ({
    words: (of) => of,
    apply: (value) => value,
    python: (x) => x,
    worked: () => [],
  }),
};

const remainder: OperationKind = {
  takes: (level) => byLevel<Range>(level, [40, 5000], [150, 1e6], [1000, 1e12]),
  draw: (rng, level) => {
    const modulus = intByLevel(rng, level, [11, 60], [31, 99], [101, 900]);
    return {
      words: (of) => `the remainder when ${of} is divided by ${modulus}`,
      apply: (value) => value % modulus,
      python: (x) => `${term(x)}%${modulus}`,
      worked: (value) => [divisionLine(value, modulus)],
    };
  },
};

const digits: OperationKind = {
  takes: () => [1000, anything],
  draw: () => ({
    words: (of) => `the sum of the digits of ${of}`,
    apply: digitSum,
    python: (x) => `sum(map(int,str(${x})))`,
    worked: (value) => [digitSumLine(value)],
  }),
};

const square: OperationKind = {
  takes: () => [4, 31],
  draw: () => ({
    words: (of) => `the square of ${of}`,
    apply: (value) => value ** 2,
    python: (x) => `${term(x)}**2`,
    worked: (value) => [`${value}*${value}=${value ** 2}`],
  }),
};

const plus: OperationKind = {
  takes: () => [5, 900],
  draw: (rng, level) => {
    const added = intByLevel(rng, level, [3, 30], [20, 99], [50, 500]);
    return {
      words: (of) => `the sum of ${added} and ${of}`,
      apply: (value) => value + added,
      python: (x) => `${term(x)}+${added}`,
      worked: (value) => [`${value}+${added}=${value + added}`],
    };
  },
};

const times: OperationKind = {
  takes: () => [5, 333],
  draw: (rng, level) => {
    const factor = intByLevel(rng, level, [2, 9], [3, 15], [3, 25]);
    return {
      words: (of) => `the product of ${factor} and ${of}`,
      apply: (value) => value * factor,
      python: (x) => `${term(x)}*${factor}`,
      worked: (value) => productLines(value, factor),
    };
  },
};

const divisors: OperationKind = {
  takes: (level) => byLevel<Range>(level, [6, 90], [20, 200], [60, 480]),
  repeats: true,
  draw: () => {
    const total = (value: number): number => sumOf(divisorsOf(value));
    return {
      words: (phrase) => `the sum of the divisors of ${phrase}`,
      apply: total,
      python: (x) => `sum(d for d in range(1,${x}+1) if ${x}%d==0)`,
      worked: (value) => [`${divisorsOf(value).join("+")}=${total(value)}`],
    };
  },
};

/** By the name that a family of two steps has them under. */
export const operations = { itself, remainder, digits, square, plus, times, divisors };
