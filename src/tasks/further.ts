/**
 * Further problems for a policy that is to read what it has not read before: kin of the benchmark's compositions, and
 * none of them the same. ./grid has such problems by the system.
 */
import * as counting from "./further/counting";
import * as equations from "./further/equations";
import * as expressions from "./further/expressions";
import * as geometry from "./further/geometry";
import * as numbers from "./further/numbers";
import type { Family } from "./task";

export const furtherFamilies: readonly Family[] = [
  geometry.otherSide,
  geometry.boxVolume,
  geometry.distanceSum,
  geometry.legsArea,
  geometry.rectangleBoundary,
  geometry.twoSegments,
  equations.brackets,
  equations.minus,
  equations.smaller,
  equations.differenceOfSquares,
  equations.rootDifference,
  equations.rootSquare,
  equations.squaresOfTwo,
  numbers.lcmOfThree,
  numbers.gcdWithSquare,
  numbers.lcmOfSquares,
  numbers.digitSumOfSum,
  numbers.productPlusRemainder,
  numbers.primesBetweenSum,
  counting.multiplesOfBoth,
  counting.noMultiples,
  counting.chooseOr,
  counting.chooseThenOne,
  expressions.remainder,
  expressions.digits,
  expressions.value,
  expressions.gcdOfTwo,
  expressions.lcmOfTwo,
  geometry.boxSurface,
  geometry.boxBase,
  geometry.sideFromDiagonal,
  geometry.parallelogramBoundary,
  equations.squaresFromProduct,
  equations.rootProductTimes,
  equations.largerTimes,
  equations.xTwice,
  counting.chooseAndRest,
  numbers.sumOfOneOnly,
  numbers.largestPrime,
  numbers.sumOfNoPrimes,
];
