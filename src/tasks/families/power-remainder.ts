import { byLevel, defineFamily, drawEvenly, type Range } from "../define-family";
import { powerRemainderLines } from "../worked";
import { span } from "../whole-numbers";

interface Numbers {
  base: number;
  exponent: number;
  modulus: number;
}

function powerRemainder({ base, exponent, modulus }: Numbers): number {
  let value = 1;
  for (let i = 0; i < exponent; i++) value = (value * base) % modulus;
  return value;
}

/** Exponents that at most five multiplications reach, so that the worked text stays short. */
const longExponents = [9, 10, 11, 12, 13, 14, 16, 17, 18, 20, 24, 32];

/** The remainder of a power. */
export const powerRemainderFamily = defineFamily<Numbers>({
  name: "power-remainder",
  kind: "computation",
  draw: drawEvenly((level) => {
    const bases = byLevel<Range>(level, [2, 9], [2, 12], [2, 30]);
    const exponents = byLevel(level, [2, 3, 4], span([4, 10]), longExponents);
    const moduli = byLevel<Range>(level, [11, 25], [20, 60], [50, 99]);
    return span(bases).flatMap((base) =>
      exponents.flatMap((exponent) => span(moduli).map((modulus) => ({ base, exponent, modulus }))),
    );
  }, powerRemainder),
  answer: powerRemainder,
  seen: [
    ({ base, exponent, modulus }) => `Find the remainder when ${base}^${exponent} is divided by ${modulus}.`,
    ({ base, exponent, modulus }) => `What is ${base}^${exponent} mod ${modulus}?`,
    ({ base, exponent, modulus }) => `Find ${base}^${exponent} mod ${modulus}.`,
  ],
  told: [
    ({ base, exponent, modulus }) => `Compute ${base}^${exponent} and divide by ${modulus}. What is the remainder?`,
    ({ base, exponent, modulus }) => `What is left over when ${base}^${exponent} is divided by ${modulus}?`,
    ({ base, exponent, modulus }, { person, things }) =>
      `${person} puts ${base}^${exponent} ${things} in groups of ${modulus}. How many are left?`,
    ({ base, exponent, modulus }) => `${base} to the power ${exponent}, mod ${modulus}: what is it?`,
    ({ base, exponent, modulus }) => `Divide ${base}^${exponent} by ${modulus} and give the remainder.`,
    ({ base, exponent, modulus }) => `Which remainder has ${base}^${exponent} by ${modulus}?`,
    ({ base, exponent, modulus }) => `Take ${base}^${exponent} mod ${modulus}.`,
    ({ base, exponent, modulus }) =>
      `Multiply ${exponent} times ${base}, all together. What is the result mod ${modulus}?`,
    ({ base, exponent, modulus }) =>
      `Take ${base} to the power ${exponent}. Which remainder does it leave by ${modulus}?`,
    ({ base, exponent, modulus }) =>
      `Give what is left of ${base}^${exponent} when groups of ${modulus} are taken away.`,
    ({ base, exponent, modulus }) => `Raise ${base} to the power ${exponent}, then take the result mod ${modulus}.`,
  ],
  unseen: [
    ({ base, exponent, modulus }) =>
      `Raise ${base} to the power ${exponent}. What is left over in groups of ${modulus}?`,
  ],
  worked: (numbers) => [
    [...powerRemainderLines(numbers.base, numbers.exponent, numbers.modulus), `so ${powerRemainder(numbers)}`],
  ],
  programs: ({ base, exponent, modulus }) => [
    `print(pow(${base},${exponent},${modulus}))`,
    `print(${base}**${exponent}%${modulus})`,
  ],
});
