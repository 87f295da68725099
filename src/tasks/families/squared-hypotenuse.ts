import { defineFamily, intByLevel } from "../define-family";

/** The square of the hypotenuse from the legs. */
export const squaredHypotenuse = defineFamily<{ a: number; b: number }>({
  name: "squared-hypotenuse",
  kind: "geometry",
  draw: (rng, level) => ({
    a: intByLevel(rng, level, [2, 10], [6, 17], [11, 29]),
    b: intByLevel(rng, level, [2, 10], [6, 17], [11, 29]),
  }),
  answer: ({ a, b }) => a * a + b * b,
  seen: [
    ({ a, b }) => `A right triangle has legs ${a} and ${b}. Find the square of the hypotenuse.`,
    ({ a, b }) => `Find the square of the hypotenuse of the right triangle with legs ${a} and ${b}.`,
  ],
  told: [
    ({ a, b }) => `The legs of a right triangle are ${a} and ${b}. What is its hypotenuse squared?`,
    ({ a, b }) => `How long is the diagonal of a rectangle with sides ${a} and ${b}, squared?`,
    ({ a, b }) => `A door is ${a} wide and ${b} high. Give the square of its diagonal.`,
    ({ a, b }) => `Square the hypotenuse of the right triangle with legs ${a} and ${b}.`,
    ({ a, b }, { person }) => `${person} walks ${a} to the east and ${b} to the north. How far is the start, squared?`,
    ({ a, b }) => `A rectangle has sides ${a} and ${b}. What is the square of the diagonal?`,
    ({ a, b }) => `One leg is ${a} and the other leg is ${b}. Compute the hypotenuse squared.`,
    ({ a, b }) => `A field, ${a} long, is ${b} wide. Square its diagonal.`,
    ({ a, b }) => `Find the diagonal of a rectangle, squared: one side is ${a}, the other ${b}.`,
    ({ a, b }) => `With sides ${a} and ${b}, what is the square of a rectangle's diagonal?`,
    ({ a, b }) => `A right triangle: legs ${a} and ${b}. Give its hypotenuse squared.`,
    ({ a, b }) => `The sides of a wide door are ${a} and ${b}. How long is its diagonal, squared?`,
    ({ a, b }, { person }) =>
      `${person} goes ${a} to the left and then ${b} straight on. What is the distance from the start, squared?`,
    ({ a, b }) => `Which number is the square of the hypotenuse, if the legs are ${a} and ${b}?`,
  ],
  unseen: [({ a, b }) => `A rectangle is ${a} long and ${b} wide. Find its diagonal squared.`],
  worked: ({ a, b }) => [[`${a}*${a}=${a * a}`, `${b}*${b}=${b * b}`, `${a * a}+${b * b}=${a * a + b * b}`]],
  programs: ({ a, b }) => [`print(${a}**2+${b}**2)`, `a=${a}\nb=${b}\nprint(a*a+b*b)`],
});
