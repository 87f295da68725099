import { byLevel, defineFamily } from "../define-family";
import { signed } from "../worked";

interface Numbers {
  a: number;
  b: number;
  c: number;
  d: number;
}

/** The square of the distance of two points. */
export const squaredDistance = defineFamily<Numbers>({
  name: "squared-distance",
  kind: "geometry",
  draw: (rng, level) => {
    const coordinate = () => rng.int(0, byLevel(level, 9, 16, 25));
    return { a: coordinate(), b: coordinate(), c: coordinate(), d: coordinate() };
  },
  answer: ({ a, b, c, d }) => (a - c) ** 2 + (b - d) ** 2,
  seen: [
    ({ a, b, c, d }) => `Find the square of the distance from (${a},${b}) to (${c},${d}).`,
    ({ a, b, c, d }) => `What is the square of the distance of (${a},${b}) and (${c},${d})?`,
  ],
  told: [
    ({ a, b, c, d }) => `Square the distance of (${a},${b}) and (${c},${d}).`,
    ({ a, b, c, d }) => `Points (${a},${b}) and (${c},${d}) are given. What is their distance squared?`,
    ({ a, b, c, d }, { person }) => `${person} walks straight from (${a},${b}) to (${c},${d}). How far, squared?`,
    ({ a, b, c, d }) => `A line joins (${a},${b}) and (${c},${d}). Give the square of its length.`,
    ({ a, b, c, d }) => `What is the squared distance between (${a},${b}) and (${c},${d})?`,
    ({ a, b, c, d }) => `How long is the segment from (${a},${b}) to (${c},${d})? Square the result.`,
    ({ a, b, c, d }) => `The points (${a},${b}) and (${c},${d}) are how far apart? Give the square.`,
    ({ a, b, c, d }) => `Compute the square of the length between (${a},${b}) and (${c},${d}).`,
    ({ a, b, c, d }) => `From (${a},${b}) to (${c},${d}) it is how far? Square it.`,
    ({ a, b, c, d }, { person, friend }) =>
      `${person} is at (${a},${b}) and ${friend} at (${c},${d}). What is the square of their distance?`,
    ({ a, b, c, d }) => `Give the distance of the points (${a},${b}) and (${c},${d}) squared.`,
    ({ a, b, c, d }) => `Take two points, (${a},${b}) and (${c},${d}). Square the length between them.`,
    ({ a, b, c, d }) => `Which number is the square of the distance from (${c},${d}) to (${a},${b})?`,
  ],
  unseen: [({ a, b, c, d }) => `How far is (${a},${b}) from (${c},${d})? Give the result squared.`],
  worked: ({ a, b, c, d }) => {
    const x = a - c;
    const y = b - d;
    return [
      [
        `x=${a}-${c}=${x}`,
        `y=${b}-${d}=${y}`,
        `${x}*${signed(x)}=${x * x}`,
        `${y}*${signed(y)}=${y * y}`,
        `${x * x}+${y * y}=${x * x + y * y}`,
      ],
    ];
  },
  programs: ({ a, b, c, d }) => [`print((${a}-${c})**2+(${b}-${d})**2)`, `x=${a}-${c}\ny=${b}-${d}\nprint(x*x+y*y)`],
});
