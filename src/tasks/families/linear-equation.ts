import { defineFamily, intByLevel } from "../define-family";
import { longDivisionLines } from "../worked";

interface Numbers {
  factor: number;
  x: number;
  shift: number;
}

const total = ({ factor, x, shift }: Numbers): number => factor * x + shift;

/** ax + b = c. */
export const linearEquation = defineFamily<Numbers>({
  name: "linear-equation",
  kind: "equations",
  draw: (rng, level) => ({
    factor: intByLevel(rng, level, [2, 9], [3, 15], [11, 39]),
    x: intByLevel(rng, level, [2, 19], [5, 60], [20, 199]),
    shift: intByLevel(rng, level, [1, 20], [5, 99], [50, 499]),
  }),
  answer: ({ x }) => x,
  seen: [
    (numbers) => `Solve ${numbers.factor}x + ${numbers.shift} = ${total(numbers)} for x.`,
    (numbers) => `Find x with ${numbers.factor}x + ${numbers.shift} = ${total(numbers)}.`,
  ],
  told: [
    (numbers) => `Which x has ${numbers.factor}x + ${numbers.shift} = ${total(numbers)}?`,
    (numbers) => `What is x if ${numbers.factor}x + ${numbers.shift} = ${total(numbers)}?`,
    (numbers, { person }) =>
      `${person} takes ${numbers.factor} times a number and adds ${numbers.shift}. The result is ${total(numbers)}. Find the number.`,
    (numbers) =>
      `Multiply a number by ${numbers.factor}, then add ${numbers.shift}, and it is ${total(numbers)}. Which number?`,
    (numbers) => `${numbers.factor} times my number and ${numbers.shift} more is ${total(numbers)}. What is it?`,
    (numbers, { person, things }) =>
      `${person} has ${numbers.factor} boxes of ${things} and ${numbers.shift} more, ${total(numbers)} in all. How many ${things} are in a box?`,
    (numbers) => `Give x so that ${total(numbers)} = ${numbers.factor}x + ${numbers.shift}.`,
    (numbers) =>
      `I get ${total(numbers)} when I add ${numbers.shift} to ${numbers.factor} times a number. What is the number?`,
    (numbers, { person }) =>
      `${person} has a number. Times ${numbers.factor} and with ${numbers.shift} added it is ${total(numbers)}. Which is it?`,
    (numbers) =>
      `My number is multiplied by ${numbers.factor}. Then I add ${numbers.shift}. Now I have ${total(numbers)}. Which was my number?`,
    (numbers) =>
      `If I take a number, multiply it by ${numbers.factor} and then add ${numbers.shift}, it is ${total(numbers)}. Find it.`,
    (numbers) =>
      `Which number gives ${total(numbers)} when you multiply it by ${numbers.factor} and add ${numbers.shift} to it?`,
    (numbers) =>
      `Add ${numbers.shift} to ${numbers.factor} of my numbers and you get ${total(numbers)}. What is one of them?`,
    (numbers) => `${numbers.factor} pens and a book for ${numbers.shift} are ${total(numbers)} in all. What is a pen?`,
  ],
  unseen: [
    (numbers) =>
      `I multiply my number by ${numbers.factor}, add ${numbers.shift} and get ${total(numbers)}. What is my number?`,
  ],
  worked: (numbers) => {
    const { factor, x, shift } = numbers;
    return [[`${total(numbers)}-${shift}=${factor * x}`, ...longDivisionLines(factor * x, factor)]];
  },
  programs: (numbers) => [
    `print((${total(numbers)}-${numbers.shift})//${numbers.factor})`,
    `x=${total(numbers)}-${numbers.shift}\nprint(x//${numbers.factor})`,
    `print(next(x for x in range(1000) if ${numbers.factor}*x+${numbers.shift}==${total(numbers)}))`,
  ],
});
