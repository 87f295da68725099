/** Two choices, one and then another or one or another. Choosing and then choosing is the benchmark's. */
import { defineFamily, intByLevel, type Range } from "../define-family";
import type { Family } from "../task";
import { choiceLine, divisionLine, productLines } from "../worked";
import { choose, span } from "../whole-numbers";

/** A way to take k of n, k from 2 to 3. */
interface Choice {
  words: (n: number, k: number) => string;
  python: (n: number, k: number, math: string) => string;
  count: (n: number, k: number) => number;
  worked: (n: number, k: number) => readonly string[];
}

const ordered = (n: number, k: number): number => span([n - k + 1, n]).reduce((value, i) => value * i, 1);

const choices = {
  choose: {
    words: (n, k) => `choose ${k} from ${n}`,
    python: (n, k, math) => `${math}comb(${n},${k})`,
    count: choose,
    worked: (n, k) => [choiceLine(n, k)],
  },
  order: {
    words: (n, k) => `put ${k} from ${n} in order`,
    python: (n, k, math) => `${math}perm(${n},${k})`,
    count: ordered,
    worked: (n, k) => {
      const factors = span([n - k + 1, n]).reverse();
      return [`${factors.join("*")}=${ordered(n, k)}`];
    },
  },
  one: {
    words: (n) => `take 1 from ${n}`,
    python: (n) => String(n),
    count: (n) => n,
    worked: () => [],
  },
} satisfies Record<string, Choice>;

type ChoiceName = keyof typeof choices;

interface Drawn {
  a: number;
  b: number;
  k: number;
  m: number;
}

function familyOf(first: ChoiceName, link: "then" | "or", second: ChoiceName): Family {
  const [one, other]: [Choice, Choice] = [choices[first], choices[second]];
  const isShort = link === "or" || second === "one";
  const all = ({ a, b, k, m }: Drawn): number =>
    link === "then" ? one.count(a, k) * other.count(b, m) : one.count(a, k) + other.count(b, m);
  const words = ({ a, b, k, m }: Drawn): string =>
    `${one.words(a, k)} ${link === "then" ? "and then" : "or"} ${other.words(b, m)}`;
  const python = ({ a, b, k, m }: Drawn, math: string): string => {
    const parts = [one.python(a, k, math), other.python(b, m, math)];
    return link === "then" ? `${parts.join("*")}%1000` : `(${parts.join("+")})%1000`;
  };
  return defineFamily<Drawn>({
    name: `${first}-${link}-${second}`,
    kind: "combinatorics",
    draw: (rng, level) => {
      // A product of two orders soon has more digits than lines have room for.
      const [easy, middle, hard]: [Range, Range, Range] = isShort
        ? [
            [4, 12],
            [6, 20],
            [10, 30],
          ]
        : [
            [4, 9],
            [5, 9],
            [6, 9],
          ];
      const size = (): number => intByLevel(rng, level, easy, middle, hard);
      return { a: size(), b: size(), k: isShort ? rng.int(2, 3) : 2, m: rng.int(2, 3) };
    },
    answer: (drawn) => all(drawn) % 1000,
    seen: [
      (drawn) => `How many ways are there to ${words(drawn)}, mod 1000?`,
      (drawn) => `Find the number of ways to ${words(drawn)}, mod 1000.`,
    ],
    unseen: [(drawn) => `Count the ways to ${words(drawn)}, mod 1000.`],
    worked: (drawn) => {
      const { a, b, k, m } = drawn;
      const [left, right] = [one.count(a, k), other.count(b, m)];
      const together = link === "then" ? productLines(left, right) : [`${left}+${right}=${all(drawn)}`];
      return [[...one.worked(a, k), ...other.worked(b, m), ...together, divisionLine(all(drawn), 1000)]];
    },
    programs: (drawn) => [
      `import math\nprint(${python(drawn, "math.")})`,
      `from math import *\nprint(${python(drawn, "")})`,
    ],
  });
}

export const twoChoices: readonly Family[] = [
  familyOf("choose", "then", "one"),
  familyOf("choose", "or", "one"),
  familyOf("order", "then", "one"),
  familyOf("order", "or", "choose"),
  familyOf("order", "then", "choose"),
  familyOf("choose", "then", "order"),
  familyOf("order", "then", "order"),
];
