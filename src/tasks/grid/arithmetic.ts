/**
 * A further operation, and further quantities. The benchmark asks for the digits of a product and of a Fibonacci number:
 * those pairs are left out.
 */
import { intByLevel, pairWithDivisor } from "../define-family";
import type { Family } from "../task";
import { familiesOf } from "../two-step/families";
import { type OperationKind, operations } from "../two-step/operations";
import { multiplesSumOf, plain, powerOf, quantities, type QuantityKind, withMath } from "../two-step/quantities";
import { leastCommonMultiple, primesIn, span, sumOf } from "../whole-numbers";

const minus: OperationKind = {
  takes: () => [60, 999],
  draw: (rng, level) => {
    const taken = intByLevel(rng, level, [3, 19], [11, 59], [21, 59]);
    return {
      words: (of) => `the number that is ${taken} less than ${of}`,
      apply: (value) => value - taken,
      python: (x) => `${x}-${taken}`,
      worked: (value) => [`${value}-${taken}=${value - taken}`],
    };
  },
};

const squaresSum: QuantityKind = (rng, level) => {
  const n = intByLevel(rng, level, [4, 14], [8, 30], [20, 99]);
  const value = sumOf(span([1, n]).map((i) => i * i));
  return plain(`the sum of the squares from 1^2 to ${n}^2`, value, `sum(i*i for i in range(1,${n}+1))`, [
    `${n}*${n + 1}*${2 * n + 1}/6=${value}`,
  ]);
};

const primesSum: QuantityKind = (rng, level) => {
  const low = intByLevel(rng, level, [4, 40], [10, 70], [25, 150]);
  const high = low + intByLevel(rng, level, [10, 25], [15, 30], [25, 45]);
  const primes = primesIn(low, high);
  const python = `sum(n for n in range(${low},${high}+1) if all(n%i for i in range(2,n)))`;
  return plain(`the sum of the primes from ${low} to ${high}`, sumOf(primes), python, [
    `${primes.join("+")}=${sumOf(primes)}`,
  ]);
};

const sum: QuantityKind = (rng, level) => {
  const side = (): number => intByLevel(rng, level, [20, 900], [200, 9000], [2000, 90_000]);
  const [a, b] = [side(), side()];
  return plain(`the sum of ${a} and ${b}`, a + b, `${a}+${b}`, [`${a}+${b}=${a + b}`]);
};

/** Of few digits the sums crowd, and those of multiples of three are multiples of three. */
const manyDigits =
  (kind: QuantityKind): QuantityKind =>
  (rng, level) => {
    for (;;) {
      const drawn = kind(rng, level);
      if (drawn.value >= 50_000 && drawn.value % 3 !== 0) return drawn;
    }
  };

const largePower = manyDigits((rng, level) =>
  powerOf(intByLevel(rng, level, [11, 59], [11, 79], [5, 99]), rng.pick([5, 7])),
);

const largeMultiplesSum = manyDigits((rng) => multiplesSumOf(rng.int(4, 19), rng.int(1000, 9999)));

const largeLcm = manyDigits((rng) => {
  const { a, b } = pairWithDivisor(rng, rng.int(7, 60), [11, 60]);
  const value = leastCommonMultiple(a, b);
  return withMath(`the least common multiple of ${a} and ${b}`, value, `math.lcm(${a},${b})`, [
    `${value}=${value / a}*${a}`,
    `${value}=${value / b}*${b}`,
  ]);
});

const further = {
  "squares-sum": squaresSum,
  "primes-sum": primesSum,
  sum,
  "large-power": largePower,
  "large-multiples-sum": largeMultiplesSum,
  "large-lcm": largeLcm,
};

export const arithmetic: readonly Family[] = familiesOf(
  [
    ["itself", ["primes-sum"]],
    ["remainder", ["squares-sum", "primes-sum", "sum"]],
    ["digits", ["sum", "large-power", "large-multiples-sum", "large-lcm"]],
    ["plus", ["squares-sum", "primes-sum"]],
    ["times", ["squares-sum", "primes-sum"]],
    ["minus", ["power", "product", "multiples-sum", "lcm", "fibonacci", "choice"]],
    ["minus", ["divisor-sum", "squares-sum", "primes-sum", "sum"]],
  ],
  { ...operations, minus },
  { ...quantities, ...further },
);
