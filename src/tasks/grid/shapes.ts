/** Shapes, what is asked of them, and what is done to that. Diagonals of boxes, and a leg by the other, are left out. */
import type { Rng } from "../../core/rng";
import { defineFamily, intByLevel, type Range } from "../define-family";
import type { Family, Level } from "../task";
import { sumOf } from "../whole-numbers";
import { productLines } from "../worked";

/** Says whose a part is: "its area", or "the area of a square with side 5". */
type Owner = (noun: string) => string;

/** Something of a shape: its words, and how it is found from the sides. */
interface Part {
  words: (of: Owner) => string;
  python: (sides: readonly string[]) => string;
  value: (sides: readonly number[]) => number;
  worked: (sides: readonly number[]) => readonly string[];
  sizes: readonly [Range, Range, Range];
}

interface Shape {
  /** With its sides given: "a box with sides 2, 3 and 4". */
  words: (sides: readonly number[]) => string;
  facts: (sides: readonly number[]) => string;
  sides: number;
  parts: readonly Part[];
}

const small: Part["sizes"] = [
  [2, 9],
  [3, 14],
  [4, 19],
];
const large: Part["sizes"] = [
  [2, 20],
  [6, 40],
  [15, 90],
];

const sumLine = (numbers: readonly number[]): string => `${numbers.join("+")}=${sumOf(numbers)}`;

/** So many times the sum of the sides. */
const around = (times: number, noun: string): Part => ({
  words: (of) => `the sum of ${of(noun)}`,
  python: (sides) => `${times}*(${sides.join("+")})`,
  value: (sides) => times * sumOf(sides),
  worked: (sides) => [
    ...(sides.length > 1 ? [sumLine(sides)] : []),
    `${times}*${sumOf(sides)}=${times * sumOf(sides)}`,
  ],
  sizes: large,
});

const product = (words: Part["words"], power = 1): Part => ({
  words,
  python: (sides) => sides.flatMap((side) => Array.from({ length: power }, () => side)).join("*"),
  value: (sides) => sides.reduce((value, side) => value * side ** power, 1),
  worked: (sides) => productOf(sides.flatMap((side) => Array.from({ length: power }, () => side))),
  sizes: small,
});

function productOf([first, ...others]: readonly number[]): string[] {
  const lines: string[] = [];
  let value = first;
  for (const factor of others) {
    lines.push(...productLines(value, factor));
    value *= factor;
  }
  return lines;
}

/** The sum of the squares of the sides, each so many times. */
const diagonal = (times = 1, noun = "diagonal"): Part => ({
  words: (of) => `the square of ${of(noun)}`,
  python: (sides) => sides.flatMap((side) => Array.from({ length: times }, () => `${side}**2`)).join("+"),
  value: (sides) => times * sumOf(sides.map((side) => side * side)),
  worked: (sides) => {
    const all = sides.flatMap((side) => Array.from({ length: times }, () => side));
    return [...all.map((side) => `${side}*${side}=${side * side}`), sumLine(all.map((side) => side * side))];
  },
  sizes: [
    [2, 8],
    [4, 14],
    [7, 19],
  ],
});

const boxSurface: Part = {
  words: (of) => `the area of ${of("surface")}`,
  python: ([a, b, c]) => `2*(${a}*${b}+${b}*${c}+${c}*${a})`,
  value: ([a, b, c]) => 2 * (a * b + b * c + c * a),
  worked: ([a, b, c]) => [
    `${a}*${b}=${a * b}`,
    `${b}*${c}=${b * c}`,
    `${c}*${a}=${c * a}`,
    `2*(${a * b}+${b * c}+${c * a})=${2 * (a * b + b * c + c * a)}`,
  ],
  sizes: small,
};

const cubeSurface: Part = {
  words: (of) => `the area of ${of("surface")}`,
  python: ([a]) => `6*${a}**2`,
  value: ([a]) => 6 * a * a,
  worked: ([a]) => [`${a}*${a}=${a * a}`, `6*${a * a}=${6 * a * a}`],
  sizes: small,
};

const shapes: Record<string, Shape> = {
  square: {
    words: ([a]) => `a square with side ${a}`,
    facts: ([a]) => `A square has side ${a}.`,
    sides: 1,
    parts: [product((of) => of("area"), 2), around(4, "four sides"), diagonal(2)],
  },
  rectangle: {
    words: ([a, b]) => `a rectangle with sides ${a} and ${b}`,
    facts: ([a, b]) => `A rectangle has sides ${a} and ${b}.`,
    sides: 2,
    parts: [product((of) => of("area")), around(2, "four sides"), diagonal()],
  },
  cube: {
    words: ([a]) => `a cube with side ${a}`,
    facts: ([a]) => `A cube has side ${a}.`,
    sides: 1,
    parts: [product((of) => of("volume"), 3), around(12, "twelve edges"), cubeSurface],
  },
  box: {
    words: ([a, b, c]) => `a box with sides ${a}, ${b} and ${c}`,
    facts: ([a, b, c]) => `A box has sides ${a}, ${b} and ${c}.`,
    sides: 3,
    // The benchmark asks for the square of its diagonal.
    parts: [product((of) => of("volume")), around(4, "twelve edges"), boxSurface],
  },
  "right-triangle": {
    words: ([a, b]) => `a right triangle with legs ${a} and ${b}`,
    facts: ([a, b]) => `A right triangle has legs ${a} and ${b}.`,
    sides: 2,
    // The benchmark asks for the square of a leg, by the hypotenuse and the other.
    parts: [diagonal(1, "hypotenuse"), product((of) => `twice ${of("area")}`)],
  },
};

/** What is done to a part. */
interface Change {
  words: (part: string, k: number) => string;
  python: (value: string, k: number) => string;
  apply: (value: number, k: number) => number;
  worked: (value: number, k: number) => readonly string[];
}

const changes: readonly Change[] = [
  { words: (part) => part, python: (value) => value, apply: (value) => value, worked: (value) => [`so ${value}`] },
  {
    words: (part, k) => `the sum of ${k} and ${part}`,
    python: (value, k) => `${k}+${value}`,
    apply: (value, k) => value + k,
    worked: (value, k) => [`${k}+${value}=${k + value}`],
  },
  {
    words: (part, k) => `${k} times ${part}`,
    python: (value, k) => `${k}*(${value})`,
    apply: (value, k) => value * k,
    worked: productLines,
  },
];

interface Drawn {
  sides: readonly number[];
  part: Part;
  change: Change;
  k: number;
}

function draw(rng: Rng, level: Level, { parts, sides }: Shape): Drawn {
  const part = rng.pick(parts);
  return {
    sides: Array.from({ length: sides }, () => intByLevel(rng, level, ...part.sizes)),
    part,
    change: rng.pick(changes),
    k: rng.int(2, 9),
  };
}

const letters = ["a", "b", "c"];

function familyOf(name: string, shape: Shape): Family {
  const value = ({ sides, part }: Drawn): number => part.value(sides);
  const own: Owner = (noun) => `its ${noun}`;
  const whole = ({ sides, part, change, k }: Drawn): string =>
    change.words(
      part.words((noun) => `the ${noun} of ${shape.words(sides)}`),
      k,
    );
  return defineFamily<Drawn>({
    name: `part-of-${name}`,
    kind: "geometry",
    draw: (rng, level) => draw(rng, level, shape),
    answer: (drawn) => drawn.change.apply(value(drawn), drawn.k),
    seen: [
      ({ sides, part, change, k }) => `${shape.facts(sides)} Find ${change.words(part.words(own), k)}.`,
      (drawn) => `Find ${whole(drawn)}.`,
      (drawn) => `What is ${whole(drawn)}?`,
    ],
    unseen: [(drawn) => `Compute ${whole(drawn)}.`],
    worked: (drawn) => [[...drawn.part.worked(drawn.sides), ...drawn.change.worked(value(drawn), drawn.k)]],
    programs: ({ sides, part, change, k }) => [
      `print(${change.python(part.python(sides.map(String)), k)})`,
      [
        ...sides.map((side, i) => `${letters[i]}=${side}`),
        `print(${change.python(part.python(letters.slice(0, sides.length)), k)})`,
      ].join("\n"),
    ],
  });
}

export const partsOfShapes: readonly Family[] = Object.entries(shapes).map(([name, shape]) => familyOf(name, shape));
