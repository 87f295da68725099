/** The pools that a run may draw its problems from. */
import { furtherFamilies } from "./further";
import { gridFamilies } from "./grid";
import { families } from "./registry";
import type { Family, Wording } from "./task";
import { twoStepFamilies } from "./two-step/families";

/** Families, and how they are worded in training. */
export interface Pool {
  families: ReadonlyMap<string, Family>;
  /** Their names, each as often as it is drawn. */
  drawn: readonly string[];
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

/** Each is drawn as often as any other. */
const evenly = (list: readonly Family[]): Pick<Pool, "families" | "drawn"> => ({
  families: byName(list),
  drawn: list.map(({ name }) => name),
});

const usual = Object.values(families);

/** Times that one of the usual families is drawn in the wide pool for once another: it is told in a dozen ways. */
const toldShare = 3;

/** By the value of the setting `problems`. A pool is one entry here and one name in the schema. */
export const pools = {
  families: { ...evenly(usual), wordings: ["seen"] },
  "two-step": { ...evenly(twoStepFamilies), wordings: ["seen"] },
  wide: {
    families: byName(wide),
    drawn: [...wide, ...Array.from({ length: toldShare - 1 }, () => usual).flat()].map(({ name }) => name),
    wordings: ["seen", "told"],
  },
} satisfies Record<string, Pool>;

/** The families of all pools. */
export const trainingFamilies: ReadonlyMap<string, Family> = byName([
  ...Object.values(families),
  ...twoStepFamilies,
  ...furtherFamilies,
  ...gridFamilies,
]);
