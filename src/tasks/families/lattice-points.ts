import { byLevel, defineFamily, intByLevel, pairWithDivisor } from "../define-family";
import { euclidLines } from "../worked";
import { greatestCommonDivisor } from "../whole-numbers";

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
  told: [
    ({ a, b }) => `How many grid points does the segment from the origin to (${a},${b}) touch?`,
    ({ a, b }) => `Count the lattice points on the line from (0,0) to (${a},${b}), both ends included.`,
    ({ a, b }) => `The origin and (${a},${b}) are joined. How many points of the grid are on the segment?`,
    ({ a, b }) => `A segment runs from the origin to (${a},${b}). Count its lattice points with the ends.`,
    ({ a, b }, { person }) => `${person} draws a line from (0,0) to (${a},${b}). On how many grid points is it?`,
    ({ a, b }) => `What is the number of lattice points from the origin to (${a},${b}) on a line, ends included?`,
    ({ a, b }) => `A line joins (0,0) and (${a},${b}). Count the grid points on it.`,
    ({ a, b }) => `Lattice points that the line from the origin to (${a},${b}) meets: how many?`,
    ({ a, b }) => `The segment from (0,0) to (${a},${b}) meets how many lattice points, its ends included?`,
    ({ a, b }) => `Draw a line that joins the origin and (${a},${b}). Count the lattice points that it meets.`,
    ({ a, b }) => `Which number of grid points is on the line between (0,0) and (${a},${b}), with both ends?`,
    ({ a, b }, { person }) =>
      `${person} joins (0,0) to (${a},${b}) and counts the points of the grid that the line touches. How many?`,
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
