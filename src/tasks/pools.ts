/** The pools of families that a run may draw its problems from. */
import { families } from "./registry";
import type { Family } from "./task";
import { twoStepFamilies } from "./two-step/families";

const byName = (list: readonly Family[]): ReadonlyMap<string, Family> =>
  new Map(list.map((family) => [family.name, family]));

/** By the value of the setting `problems`. A pool is one entry here and one name in the schema. */
export const pools = {
  families: byName(Object.values(families)),
  "two-step": byName(twoStepFamilies),
};

/** The families of all pools. */
export const trainingFamilies: ReadonlyMap<string, Family> = new Map([...pools.families, ...pools["two-step"]]);
