import { defineFamily, intByLevel } from "../define-family";

interface Numbers {
  small: number;
  large: number;
}

const equation = ({ small, large }: Numbers): string => `x^2 - ${small + large}x + ${small * large} = 0`;

/** The larger root of a quadratic with two different positive roots. */
export const quadraticRoot = defineFamily<Numbers>({
  name: "quadratic-root",
  kind: "equations",
  draw: (rng, level) => {
    const large = intByLevel(rng, level, [3, 16], [8, 40], [20, 99]);
    return { small: rng.int(1, large - 1), large };
  },
  answer: ({ large }) => large,
  seen: [
    (numbers) => `Find the larger root of ${equation(numbers)}.`,
    (numbers) => `What is the larger x with ${equation(numbers)}?`,
  ],
  told: [
    (numbers) => `Which is the bigger root of ${equation(numbers)}?`,
    (numbers) => `Solve ${equation(numbers)}. Give the larger x.`,
    (numbers) => `${equation(numbers)} has two roots. What is the larger one?`,
    (numbers) =>
      `The sum of two numbers is ${numbers.small + numbers.large} and the product is ${numbers.small * numbers.large}. Find the bigger.`,
    (numbers) =>
      `Find two numbers with sum ${numbers.small + numbers.large} and product ${numbers.small * numbers.large}. Give the larger.`,
    (numbers) =>
      `A rectangle has area ${numbers.small * numbers.large}. The sides add up to ${numbers.small + numbers.large}. How long is the longer one?`,
    (numbers, { person, friend }) =>
      `${person} and ${friend} take a number each. They add to ${numbers.small + numbers.large} and have product ${numbers.small * numbers.large}. Which is the larger?`,
    (numbers) =>
      `Which two numbers multiply to ${numbers.small * numbers.large} and have sum ${numbers.small + numbers.large}? Give the bigger.`,
    (numbers) =>
      `Multiply two numbers to get ${numbers.small * numbers.large}, add them to get ${numbers.small + numbers.large}. What is the larger one?`,
    (numbers) =>
      `I have two numbers. Their sum is ${numbers.small + numbers.large}, and they multiply to ${numbers.small * numbers.large}. Find the bigger of the two.`,
    (numbers) =>
      `Which of two numbers is larger, if they add up to ${numbers.small + numbers.large} and their product is ${numbers.small * numbers.large}?`,
    (numbers) =>
      `Two sides of a rectangle add to ${numbers.small + numbers.large}; its area is ${numbers.small * numbers.large}. Give the bigger side.`,
    (numbers) =>
      `The product of two numbers is ${numbers.small * numbers.large}. They add to ${numbers.small + numbers.large}. Give the bigger one.`,
    (numbers) => `For which larger x is ${equation(numbers)}?`,
  ],
  unseen: [
    ({ small, large }) => `Two numbers add to ${small + large} and multiply to ${small * large}. Which is the bigger?`,
  ],
  worked: ({ small, large }, level) => {
    const sum = small + large;
    const product = small * large;
    const gap = large - small;
    const factors = [`${small}*${large}=${product}`, `${small}+${large}=${sum}`, `so ${large}`];
    const formula = [
      `${sum}*${sum}=${sum * sum}`,
      `4*${product}=${4 * product}`,
      `${sum * sum}-${4 * product}=${gap * gap}`,
      `${gap}*${gap}=${gap * gap}`,
      `(${sum}+${gap})/2=${large}`,
    ];
    return level === 1 ? [factors, formula] : [formula];
  },
  programs: ({ small, large }) => {
    const sum = small + large;
    const test = `x*x-${sum}*x+${small * large}==0`;
    return [`print(max(x for x in range(${sum}) if ${test}))`, `for x in range(${sum}):\n if ${test}: r=x\nprint(r)`];
  },
});
