/** Further lengths, areas and lattice points. */
import { byLevel, defineFamily, intByLevel, pairWithDivisor, type Range } from "../define-family";
import { greatestCommonDivisor } from "../whole-numbers";
import { euclidLines, productLines } from "../worked";

/** Two sides of a rectangle whose diagonal's square is small enough. */
interface Sides {
  a: number;
  b: number;
}

interface Box extends Sides {
  c: number;
}

const squareLines = (...values: readonly number[]): string[] =>
  values.map((value) => `${value}*${value}=${value ** 2}`);

export const otherSide = defineFamily<Sides>({
  name: "rectangle-other-side",
  kind: "geometry",
  draw: (rng, level) => ({
    a: intByLevel(rng, level, [2, 12], [6, 20], [11, 40]),
    b: intByLevel(rng, level, [2, 14], [6, 24], [11, 31]),
  }),
  answer: ({ b }) => b * b,
  seen: [
    ({ a, b }) =>
      `A rectangle has a diagonal with square ${a * a + b * b} and a side ${a}. Find the square of the other side.`,
    ({ a, b }) =>
      `The square of the diagonal of a rectangle is ${a * a + b * b}. A side is ${a}. Square the other side.`,
  ],
  unseen: [({ a, b }) => `A door is ${a} wide; its diagonal squared is ${a * a + b * b}. How high is it, squared?`],
  worked: ({ a, b }) => [[...squareLines(a), `${a * a + b * b}-${a * a}=${b * b}`, `so ${b * b}`]],
  programs: ({ a, b }) => [`print(${a * a + b * b}-${a}**2)`, `a=${a}\nprint(${a * a + b * b}-a*a)`],
});

export const boxVolume = defineFamily<Box>({
  name: "box-volume",
  kind: "geometry",
  draw: (rng, level) => {
    const side = (): number => intByLevel(rng, level, [2, 9], [3, 12], [4, 19]);
    return { a: side(), b: side(), c: side() };
  },
  answer: ({ a, b, c }) => a * b * c,
  seen: [
    ({ a, b, c }) => `A box has sides ${a}, ${b} and ${c}. Find its volume.`,
    ({ a, b, c }) => `What is the volume of a box with sides ${a}, ${b} and ${c}?`,
  ],
  unseen: [({ a, b, c }) => `How much fits into a box, ${a} by ${b} by ${c}?`],
  worked: ({ a, b, c }) => [[`${a}*${b}=${a * b}`, ...productLines(a * b, c)]],
  programs: ({ a, b, c }) => [`print(${a}*${b}*${c})`, `a=${a}*${b}\nprint(a*${c})`],
});

export const distanceSum = defineFamily<Box & { d: number }>({
  name: "sum-of-squared-distances",
  kind: "geometry",
  draw: (rng, level) => {
    const coordinate = (): number => rng.int(1, byLevel(level, 7, 12, 15));
    return { a: coordinate(), b: coordinate(), c: coordinate(), d: coordinate() };
  },
  answer: ({ a, b, c, d }) => a * a + b * b + c * c + d * d,
  seen: [
    ({ a, b, c, d }) => `Find the sum of the squares of the distances from (0,0) to (${a},${b}) and to (${c},${d}).`,
    ({ a, b, c, d }) => `What is the sum of the squares of the distances of (${a},${b}) and (${c},${d}) from (0,0)?`,
  ],
  unseen: [({ a, b, c, d }) => `Square how far (${a},${b}) and (${c},${d}) are from the origin, and add.`],
  worked: ({ a, b, c, d }) => [
    [...squareLines(a, b, c, d), `${a * a}+${b * b}+${c * c}+${d * d}=${a * a + b * b + c * c + d * d}`],
  ],
  programs: ({ a, b, c, d }) => [
    `print(${a}**2+${b}**2+${c}**2+${d}**2)`,
    `print(sum(x*x for x in (${a},${b},${c},${d})))`,
  ],
});

export const legsArea = defineFamily<Sides>({
  name: "area-from-legs",
  kind: "geometry",
  draw: (rng, level) => ({
    a: intByLevel(rng, level, [2, 15], [6, 30], [11, 40]),
    b: intByLevel(rng, level, [2, 15], [6, 30], [11, 40]),
  }),
  answer: ({ a, b }) => a * b,
  seen: [
    ({ a, b }) => `A right triangle has a leg ${a}, and the other leg is ${b}. Find twice the area.`,
    ({ a, b }) => `Find twice the area of the right triangle with legs ${a} and ${b}.`,
  ],
  unseen: [({ a, b }) => `Legs ${a} and ${b} enclose a right triangle. Double its area.`],
  worked: ({ a, b }) => [[`${a}*${b}/2*2=${a * b}`, ...productLines(a, b)]],
  programs: ({ a, b }) => [`print(${a}*${b})`, `a=${a}\nb=${b}\nprint(a*b)`],
});

export const rectangleBoundary = defineFamily<Sides>({
  name: "rectangle-boundary",
  kind: "geometry",
  draw: (rng, level) => ({
    a: intByLevel(rng, level, [3, 20], [15, 99], [60, 240]),
    b: intByLevel(rng, level, [3, 20], [15, 99], [60, 240]),
  }),
  answer: ({ a, b }) => 2 * (a + b),
  seen: [
    ({ a, b }) =>
      `How many lattice points are on the four sides of the rectangle (0,0), (${a},0), (${a},${b}), (0,${b})?`,
    ({ a, b }) =>
      `Find the number of lattice points on the sides of the rectangle (0,0), (${a},0), (${a},${b}), (0,${b}).`,
  ],
  unseen: [({ a, b }) => `A wall goes round a field of ${a} by ${b}. How many grid points does it touch?`],
  worked: ({ a, b }) => [[`${a}+${b}=${a + b}`, `2*${a + b}=${2 * (a + b)}`]],
  programs: ({ a, b }) => [`print(2*(${a}+${b}))`, `a=${a}\nb=${b}\nprint(2*a+2*b)`],
});

export const twoSegments = defineFamily<Box>({
  name: "lattice-points-on-two-segments",
  kind: "geometry",
  draw: (rng, level) => {
    const divisor = intByLevel(rng, level, [2, 15], [3, 25], [5, 39]);
    const { a, b } = pairWithDivisor(rng, divisor, byLevel(level, [1, 6], [2, 16], [5, 24]));
    return { a, b, c: intByLevel(rng, level, [2, 20], [10, 60], [50, 199]) };
  },
  answer: ({ a, b, c }) => greatestCommonDivisor(a, b) + c + 1,
  seen: [
    ({ a, b, c }) =>
      `How many lattice points are on the segments from (0,0) to (${a},${b}) and from (0,0) to (${c},0)?`,
    ({ a, b, c }) => `Find the number of lattice points on the segments from (0,0) to (${a},${b}) and to (${c},0).`,
  ],
  unseen: [({ a, b, c }) => `From the origin, lines run to (${a},${b}) and to (${c},0). Count the grid points.`],
  worked: ({ a, b, c }) => {
    const divisor = greatestCommonDivisor(a, b);
    return [[...euclidLines(a, b), `${divisor}+${c}+1=${divisor + c + 1}`]];
  },
  programs: ({ a, b, c }) => [
    `import math\nprint(math.gcd(${a},${b})+${c}+1)`,
    `from math import gcd\nprint(gcd(${a},${b})+${c}+1)`,
  ],
});

export const boxSurface = defineFamily<Box>({
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

export const boxBase = defineFamily<Box>({
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

export const sideFromDiagonal = defineFamily<{ diagonal: number; side: number }>({
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

export const parallelogramBoundary = defineFamily<Box>({
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
