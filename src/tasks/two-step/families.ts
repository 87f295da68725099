/**
 * Problems of two steps: an operation on a quantity, such as the remainder of a sum. Every pair that makes a fair
 * question is a family, and so are quantities alone and the operations on plain numbers. A cold start that is
 * shown some pairs but not others asks whether a policy can put together what it has only seen apart.
 */
import type { Rng } from "../../core/rng";
import { defineFamily } from "../define-family";
import type { Family, Level } from "../task";
import { type Operation, type OperationKind, operations } from "./operations";
import { quantities, type Quantity, type QuantityKind } from "./quantities";

/** Pairs whose answers can be guessed too often, such as the digits of a multiple of nine, are not asked. */
const pairs: readonly (readonly [outer: keyof typeof operations, inners: readonly (keyof typeof quantities)[]])[] = [
  ["itself", ["power", "product", "multiples-sum", "gcd", "lcm", "divisor-sum"]],
  ["remainder", ["number", "power", "product", "multiples-sum", "lcm", "fibonacci", "choice"]],
  ["digits", ["number"]],
  ["square", ["number", "gcd"]],
  ["plus", ["power", "product", "multiples-sum", "gcd", "lcm", "fibonacci", "choice", "divisor-sum", "prime-count"]],
  ["times", ["power", "product", "multiples-sum", "gcd", "lcm", "fibonacci", "choice", "divisor-sum", "prime-count"]],
  ["divisors", ["number", "product", "multiples-sum", "lcm"]],
];

interface Drawn {
  quantity: Quantity;
  operation: Operation;
}

const drawLimit = 400;

/** A quantity of the level if one fits the operation, else of another level. */
function drawPair(rng: Rng, level: Level, { name, operation, quantity }: Pair): Drawn {
  const [low, high] = operation.takes(level);
  for (let attempt = 0; attempt < drawLimit; attempt++) {
    const drawn = quantity(rng, attempt % 2 === 0 ? level : rng.pick<Level>([1, 2, 3]));
    if (drawn.value >= low && drawn.value <= high) return { quantity: drawn, operation: operation.draw(rng, level) };
  }
  throw new RangeError(`${name}, level ${level}: ${drawLimit} draws gave no number that fits`);
}

/** An operation on a quantity, as a family. */
interface Pair {
  name: string;
  operation: OperationKind;
  quantity: QuantityKind;
}

function twoStepFamily(pair: Pair): Family {
  const { repeats } = pair.operation;
  return defineFamily<Drawn>({
    name: pair.name,
    kind: "computation",
    draw: (rng, level) => drawPair(rng, level, pair),
    answer: ({ quantity, operation }) => operation.apply(quantity.value),
    seen: [
      ({ quantity, operation }) => `Find ${operation.words(quantity.words)}.`,
      ({ quantity, operation }) => `What is ${operation.words(quantity.words)}?`,
    ],
    told: [
      ({ quantity, operation }) => `Work out ${operation.words(quantity.words)}.`,
      ({ quantity, operation }) => `Give ${operation.words(quantity.words)}.`,
      ({ quantity, operation }) => `How much is ${operation.words(quantity.words)}?`,
    ],
    unseen: [({ quantity, operation }) => `Compute ${operation.words(quantity.words)}.`],
    worked: ({ quantity, operation }) => [[...quantity.worked, ...operation.worked(quantity.value)]],
    programs: ({ quantity: { before, python }, operation }) => {
      const lines = (...last: string[]): string => [...before, ...last].join("\n");
      return [
        lines(`x=${python}`, `print(${operation.python("x")})`),
        repeats ? lines(`n=${python}`, `print(${operation.python("n")})`) : lines(`print(${operation.python(python)})`),
      ];
    },
  });
}

/** Every listed pair of an operation and quantities as a family. */
export function familiesOf<O extends string, Q extends string>(
  pairs: readonly (readonly [outer: O, inners: readonly Q[]])[],
  operationKinds: Record<O, OperationKind>,
  quantityKinds: Record<Q, QuantityKind>,
): Family[] {
  return pairs.flatMap(([outer, inners]) =>
    inners.map((inner) =>
      twoStepFamily({
        name: outer === "itself" ? `value-of-${inner}` : `${outer}-of-${inner}`,
        operation: operationKinds[outer],
        quantity: quantityKinds[inner],
      }),
    ),
  );
}

/** All of them, by operation. */
export const twoStepFamilies: readonly Family[] = familiesOf(pairs, operations, quantities);
