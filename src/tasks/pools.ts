/** The pools that a run may draw its problems from. */
import { furtherFamilies } from "./further";
import { gridFamilies } from "./grid";
import { families } from "./registry";
import type { Family, Wording } from "./task";
import { twoStepFamilies } from "./two-step/families";

/** Families, and how they are worded in training. */
export interface Pool {
  families: ReadonlyMap<string, Family>;
  wordings: readonly Wording[];
}

const byName = (list: readonly Family[]): ReadonlyMap<string, Family> =>
  new Map(list.map((family) => [family.name, family]));

/** MiniAIME-25 asks for this pair, so the wide pool is not trained on it. */
const askedByTheBenchmark = "remainder-of-multiples-sum";

const wide: readonly Family[] = [
  ...Object.values(families),
  ...twoStepFamilies.filter(({ name }) => name !== askedByTheBenchmark),
  ...furtherFamilies,
  ...gridFamilies,
];

/** By the value of the setting `problems`. A pool is one entry here and one name in the schema. */
export const pools = {
  families: { families: byName(Object.values(families)), wordings: ["seen"] },
  "two-step": { families: byName(twoStepFamilies), wordings: ["seen"] },
  wide: { families: byName(wide), wordings: ["seen", "told"] },
} satisfies Record<string, Pool>;

/** The families of all pools. */
export const trainingFamilies: ReadonlyMap<string, Family> = byName([
  ...Object.values(families),
  ...twoStepFamilies,
  ...furtherFamilies,
  ...gridFamilies,
]);
