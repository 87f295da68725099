/** Compositions of lengths, areas and lattice points. */
import { byLevel, defineFamily, intByLevel, pairWithDivisor } from "../define-family";
import type { Family } from "../task";
import { euclidLines } from "../worked";
import { greatestCommonDivisor } from "../whole-numbers";

const boxDiagonal = defineFamily<{ a: number; b: number; c: number }>({
  name: "box-diagonal",
  kind: "geometry",
  draw: (rng, level) => {
    const side = () => intByLevel(rng, level, [2, 7], [5, 13], [9, 22]);
    return { a: side(), b: side(), c: side() };
  },
  answer: ({ a, b, c }) => a * a + b * b + c * c,
  seen: [],
  unseen: [({ a, b, c }) => `A box has sides ${a}, ${b} and ${c}. Find the square of its diagonal.`],
  worked: ({ a, b, c }) => [
    [
      `${a}*${a}=${a * a}`,
      `${b}*${b}=${b * b}`,
      `${c}*${c}=${c * c}`,
      `${a * a}+${b * b}+${c * c}=${a * a + b * b + c * c}`,
    ],
  ],
  programs: ({ a, b, c }) => [`print(${a}**2+${b}**2+${c}**2)`, `print(sum(x*x for x in (${a},${b},${c})))`],
});

const otherLeg = defineFamily<{ hypotenuse: number; leg: number }>({
  name: "other-leg",
  kind: "geometry",
  draw: (rng, level) => {
    const hypotenuse = intByLevel(rng, level, [5, 12], [10, 30], [25, 99]);
    return { hypotenuse, leg: rng.int(2, hypotenuse - 1) };
  },
  answer: ({ hypotenuse, leg }) => hypotenuse ** 2 - leg ** 2,
  seen: [],
  unseen: [
    ({ hypotenuse, leg }) =>
      `A right triangle has hypotenuse ${hypotenuse} and a leg ${leg}. Find the square of the other leg.`,
  ],
  worked: ({ hypotenuse, leg }) => [
    [
      `${hypotenuse}*${hypotenuse}=${hypotenuse ** 2}`,
      `${leg}*${leg}=${leg ** 2}`,
      `${hypotenuse ** 2}-${leg ** 2}=${hypotenuse ** 2 - leg ** 2}`,
    ],
  ],
  programs: ({ hypotenuse, leg }) => [
    `print(${hypotenuse}**2-${leg}**2)`,
    `a=${hypotenuse}\nb=${leg}\nprint((a+b)*(a-b))`,
  ],
});

const triangleBoundary = defineFamily<{ a: number; b: number }>({
  name: "triangle-boundary",
  kind: "geometry",
  draw: (rng, level) =>
    pairWithDivisor(rng, intByLevel(rng, level, [2, 9], [4, 15], [6, 19]), byLevel(level, [1, 6], [2, 9], [5, 24])),
  answer: ({ a, b }) => a + b + greatestCommonDivisor(a, b),
  seen: [],
  unseen: [({ a, b }) => `How many lattice points are on the three sides of the triangle (0,0), (${a},0), (0,${b})?`],
  worked: ({ a, b }) => {
    const divisor = greatestCommonDivisor(a, b);
    return [[...euclidLines(a, b), `${a}+${b}+${divisor}=${a + b + divisor}`]];
  },
  programs: ({ a, b }) => [
    `import math\nprint(${a}+${b}+math.gcd(${a},${b}))`,
    `from math import gcd\nprint(${a}+${b}+gcd(${a},${b}))`,
  ],
});

export const geometryCompositions: readonly Family[] = [boxDiagonal, otherLeg, triangleBoundary];
