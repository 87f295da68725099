/**
 * Further problems for a policy that is to read what it has not read before: kin of the benchmark's compositions, and
 * none of them the same.
 */
import { furtherEquations } from "./further/equations";
import { furtherExpressions } from "./further/expressions";
import { furtherGeometry } from "./further/geometry";
import { furtherKin } from "./further/kin";
import { furtherNumbers } from "./further/numbers";
import type { Family } from "./task";

export const furtherFamilies: readonly Family[] = [
  ...furtherGeometry,
  ...furtherEquations,
  ...furtherNumbers,
  ...furtherExpressions,
  ...furtherKin,
];
