/**
 * All problem families of training. To add one: write `families/NAME.ts` (any neighbour is a model) and add a
 * line here under its name; the tests beside this file then hold it to the rules of every family.
 */
import { arithmeticSum } from "./families/arithmetic-sum";
import { binomial } from "./families/binomial";
import { congruences } from "./families/congruences";
import { digitSumFamily } from "./families/digit-sum";
import { divisorSum } from "./families/divisor-sum";
import { eitherMultiples } from "./families/either-multiples";
import { fibonacciRemainder } from "./families/fibonacci-remainder";
import { gcd } from "./families/gcd";
import { latticePoints } from "./families/lattice-points";
import { lcm } from "./families/lcm";
import { linearEquation } from "./families/linear-equation";
import { multiplesSum } from "./families/multiples-sum";
import { powerRemainderFamily } from "./families/power-remainder";
import { primeCount } from "./families/prime-count";
import { productRemainder } from "./families/product-remainder";
import { quadraticRoot } from "./families/quadratic-root";
import { squaredDistance } from "./families/squared-distance";
import { squaredHypotenuse } from "./families/squared-hypotenuse";
import { sumAndDifference } from "./families/sum-and-difference";
import { triangleArea } from "./families/triangle-area";
import type { Family } from "./task";

export const families = {
  "triangle-area": triangleArea,
  "squared-distance": squaredDistance,
  "squared-hypotenuse": squaredHypotenuse,
  "lattice-points": latticePoints,
  "product-remainder": productRemainder,
  "power-remainder": powerRemainderFamily,
  "multiples-sum": multiplesSum,
  "digit-sum": digitSumFamily,
  "linear-equation": linearEquation,
  "quadratic-root": quadraticRoot,
  "sum-and-difference": sumAndDifference,
  congruences,
  gcd,
  lcm,
  "divisor-sum": divisorSum,
  "prime-count": primeCount,
  binomial,
  "either-multiples": eitherMultiples,
  "fibonacci-remainder": fibonacciRemainder,
  "arithmetic-sum": arithmeticSum,
} satisfies Record<string, Family>;

export type FamilyName = keyof typeof families;
