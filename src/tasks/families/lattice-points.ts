import { byLevel, defineFamily, greatestCommonDivisor, intByLevel, pairWithDivisor } from "../define-family";
import { euclidLines } from "../worked";

/** Lattice points on a segment from the origin: the greatest common divisor and one. */
export const latticePoints = defineFamily<{ a: number; b: number }>({
  name: "lattice-points",
  kind: "geometry",
  draw: (rng, level) =>
    pairWithDivisor(rng, intByLevel(rng, level, [2, 15], [3, 25], [5, 39]), byLevel(level, [1, 6], [2, 16], [5, 24])),
  answer: ({ a, b }) => greatestCommonDivisor(a, b) + 1,
  seen: [
    ({ a, b }) => `How many lattice points are on the segment from (0,0) to (${a},${b})?`,
    ({ a, b }) => `Find the number of lattice points on the segment from (0,0) to (${a},${b}).`,
  ],
  unseen: [({ a, b }) => `A line joins the origin to (${a},${b}). How many grid points does it touch, ends included?`],
  worked: ({ a, b }) => {
    const divisor = greatestCommonDivisor(a, b);
    return [[...euclidLines(a, b), `${divisor}+1=${divisor + 1}`]];
  },
  programs: ({ a, b }) => [
    `import math\nprint(math.gcd(${a},${b})+1)`,
    `from math import gcd\nprint(gcd(${a},${b})+1)`,
  ],
});
