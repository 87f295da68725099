import { byLevel, defineFamily, drawEvenly, type Range } from "../define-family";
import { divisionLine } from "../worked";
import { span } from "../whole-numbers";

interface Numbers {
  n: number;
  modulus: number;
}

/** F(1) to F(n), each modulo `modulus`. */
function fibonacci(n: number, modulus: number): number[] {
  const terms = [1, 1];
  while (terms.length < n) terms.push((terms[terms.length - 1] + terms[terms.length - 2]) % modulus);
  return terms;
}

const remainder = ({ n, modulus }: Numbers): number => fibonacci(n, modulus)[n - 1] % modulus;

/** A Fibonacci number modulo m. */
export const fibonacciRemainder = defineFamily<Numbers>({
  name: "fibonacci-remainder",
  kind: "sequences",
  draw: drawEvenly(
    (level) =>
      span(byLevel<Range>(level, [6, 11], [9, 15], [14, 24])).flatMap((n) =>
        span(byLevel<Range>(level, [7, 30], [15, 60], [40, 99])).map((modulus) => ({ n, modulus })),
      ),
    remainder,
  ),
  answer: remainder,
  seen: [
    ({ n, modulus }) => `Find the Fibonacci number F(${n}) mod ${modulus}.`,
    ({ n, modulus }) => `Find the remainder when the Fibonacci number F(${n}) is divided by ${modulus}.`,
  ],
  told: [
    ({ n, modulus }) => `What is the Fibonacci number F(${n}) mod ${modulus}?`,
    ({ n, modulus }) => `Divide the Fibonacci number F(${n}) by ${modulus}. What is the remainder?`,
    ({ n, modulus }) => `Give F(${n}) of the Fibonacci sequence mod ${modulus}.`,
    ({ n, modulus }) => `Take term ${n} of the Fibonacci sequence mod ${modulus}.`,
    ({ n, modulus }) => `In the Fibonacci sequence, what is term ${n} mod ${modulus}?`,
    ({ n, modulus }) => `Compute F(${n}) mod ${modulus}, a Fibonacci number.`,
    ({ n, modulus }) => `Each term of the Fibonacci sequence adds the two before it. Give F(${n}) mod ${modulus}.`,
    ({ n, modulus }) => `Which remainder has the Fibonacci number F(${n}) by ${modulus}?`,
  ],
  unseen: [
    ({ n, modulus }) => `A sequence starts 1, 1 and each term adds the two before. Find term ${n} mod ${modulus}.`,
  ],
  worked: (numbers, level) => {
    const { n, modulus } = numbers;
    if (level === 3) return [[fibonacci(n, modulus).join(" "), `so ${remainder(numbers)}`]];
    const terms = fibonacci(n, Infinity);
    return [[terms.join(" "), divisionLine(terms[n - 1], modulus)]];
  },
  programs: ({ n, modulus }) => [
    `a,b=0,1\nfor i in range(${n}): a,b=b,a+b\nprint(a%${modulus})`,
    `a=0\nb=1\nfor i in range(${n}):\n a,b=b,a+b\nprint(a%${modulus})`,
  ],
});
