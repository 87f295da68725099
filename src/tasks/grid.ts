/**
 * Grids of problems: what can be asked meets what it can be asked of, but for the pairs that MiniAIME-25 asks. Who has
 * learned every row and every column of a grid has been shown all that such a pair is made of. A new one goes to the end:
 * what the shipped checkpoint was shown depends on the order.
 */
import { arithmetic } from "./grid/arithmetic";
import { twoChoices } from "./grid/choices";
import { equationsOfTwoSides } from "./grid/equations";
import { latticePaths } from "./grid/paths";
import { setsOfNumbers } from "./grid/sets";
import { partsOfShapes } from "./grid/shapes";
import { twoNumbers } from "./grid/two-numbers";
import type { Family } from "./task";

export const gridFamilies: readonly Family[] = [
  ...twoNumbers,
  ...equationsOfTwoSides,
  ...setsOfNumbers,
  ...partsOfShapes,
  ...latticePaths,
  ...arithmetic,
  ...twoChoices,
];
