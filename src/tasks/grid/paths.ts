/** Lattice points on lines through several points. Three sides of a triangle are the benchmark's. */
import type { Rng } from "../../core/rng";
import { defineFamily, intByLevel } from "../define-family";
import type { Family, Level } from "../task";
import { greatestCommonDivisor } from "../whole-numbers";

type Point = readonly [x: number, y: number];

interface Line {
  points: readonly Point[];
  closed: boolean;
}

const show = ([x, y]: Point): string => `(${x},${y})`;

/** The sides, as how far they go each way. */
function sidesOf({ points, closed }: Line): { across: readonly [number, number]; up: readonly [number, number] }[] {
  const ends = closed ? [...points.slice(1), points[0]] : points.slice(1);
  return ends.map((to, i) => {
    const from = points[i];
    return {
      across: [Math.max(from[0], to[0]), Math.min(from[0], to[0])],
      up: [Math.max(from[1], to[1]), Math.min(from[1], to[1])],
    };
  });
}

const gap = ([high, low]: readonly [number, number]): number => high - low;

const gapText = ([high, low]: readonly [number, number]): string =>
  high === low ? "0" : low === 0 ? String(high) : `${high}-${low}`;

const steps = (line: Line): number[] =>
  sidesOf(line).map(({ across, up }) => greatestCommonDivisor(gap(across), gap(up)));

const count = (line: Line): number => steps(line).reduce((sum, side) => sum + side, 0) + (line.closed ? 0 : 1);

/** Python for the number of steps of each side. */
const python = (line: Line, gcd: string): string =>
  [
    ...sidesOf(line).map(({ across, up }) => {
      const [x, y] = [gapText(across), gapText(up)];
      if (x === "0" || y === "0") return x === "0" ? y : x;
      return `${gcd}(${x},${y})`;
    }),
    ...(line.closed ? [] : ["1"]),
  ].join("+");

function worked(line: Line): string[] {
  const terms = [...steps(line), ...(line.closed ? [] : [1])];
  const slanted = sidesOf(line).filter(({ across, up }) => gap(across) > 0 && gap(up) > 0);
  return [
    ...slanted.flatMap(({ across, up }) => {
      const divisor = greatestCommonDivisor(gap(across), gap(up));
      return [`${gap(across)}=${gap(across) / divisor}*${divisor}`, `${gap(up)}=${gap(up) / divisor}*${divisor}`];
    }),
    `${terms.join("+")}=${count(line)}`,
  ];
}

/** A point that a side of many lattice points leads to. */
function far(rng: Rng, level: Level): Point {
  const divisor = intByLevel(rng, level, [2, 12], [4, 20], [6, 40]);
  return [divisor * rng.int(1, 5), divisor * rng.int(1, 5)];
}

const along = (rng: Rng, level: Level): number => intByLevel(rng, level, [3, 30], [15, 90], [50, 250]);

const origin: Point = [0, 0];

const lines: Record<string, { words: (points: readonly Point[]) => string; draw: (rng: Rng, level: Level) => Line }> = {
  "a-bent-line": {
    words: ([a, b, c]) => `the segments from ${show(a)} to ${show(b)} and from ${show(b)} to ${show(c)}`,
    draw: (rng, level) => {
      const [x, y] = far(rng, level);
      const points: Point[] =
        rng.int(0, 1) === 0 ? [origin, [x, y], [x + along(rng, level), y]] : [origin, [x, 0], [0, y]];
      return { points, closed: false };
    },
  },
  "two-sides": {
    words: (points) => `two sides of the triangle ${points.map(show).join(", ")}, those from ${show(points[1])}`,
    draw: (rng, level) => ({ points: [[along(rng, level), 0], origin, far(rng, level)], closed: false }),
  },
  "four-sides": {
    words: (points) => `the four sides of ${points.map(show).join(", ")}`,
    draw: (rng, level) => {
      for (;;) {
        const [x, y] = far(rng, level);
        const [p, q] = rng.int(0, 1) === 0 ? [x + along(rng, level), y] : [along(rng, level), along(rng, level)];
        // On the line from one neighbour to the other the corner would be none.
        if (x * q + y * p !== p * q) return { points: [origin, [p, 0], [x, y], [0, q]], closed: true };
      }
    },
  },
};

export const latticePaths: readonly Family[] = Object.entries(lines).map(([name, { words, draw }]) =>
  defineFamily<Line>({
    name: `lattice-points-on-${name}`,
    kind: "geometry",
    draw,
    answer: count,
    seen: [
      ({ points }) => `How many lattice points are on ${words(points)}?`,
      ({ points }) => `Find the number of lattice points on ${words(points)}.`,
    ],
    unseen: [({ points }) => `Count the lattice points on ${words(points)}.`],
    worked: (line) => [worked(line)],
    programs: (line) => [
      `import math\nprint(${python(line, "math.gcd")})`,
      `from math import gcd\nprint(${python(line, "gcd")})`,
    ],
  }),
);
