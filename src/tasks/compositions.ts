/**
 * Questions that put known parts together in ways that no training problem does: the greatest common divisor of
 * two squares, the digits of a product. They are families in form, but only MiniAIME-25 draws from them, so no
 * cold-start trace holds their programs.
 */
import { algebraCompositions } from "./compositions/algebra";
import { geometryCompositions } from "./compositions/geometry";
import { numberCompositions } from "./compositions/numbers";
import type { Family } from "./task";

export const compositions: Readonly<Record<string, Family>> = Object.fromEntries(
  [...numberCompositions, ...geometryCompositions, ...algebraCompositions].map((family) => [family.name, family]),
);
