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

function byName(list: readonly Family[]): ReadonlyMap<string, Family> {
  const named = new Map(list.map((family) => [family.name, family]));
  if (named.size < list.length) throw new Error("Two families have one name.");
  return named;
}

const usual = Object.values(families);

const all: readonly Family[] = [...usual, ...twoStepFamilies, ...furtherFamilies, ...gridFamilies];

/** MiniAIME-25 asks for this pair, so the wide pool is not trained on it. */
const askedByTheBenchmark = "remainder-of-multiples-sum";

const wide = all.filter(({ name }) => name !== askedByTheBenchmark);

/** Each is drawn as often as any other. */
const evenly = (list: readonly Family[]): Pick<Pool, "families" | "drawn"> => ({
  families: byName(list),
  drawn: list.map(({ name }) => name),
});

/** A usual family is drawn so many times as often as another in the wide pool: it is told in a dozen ways. */
const toldShare = 3;

/** By the value of the setting `problems`. A pool is one entry here and one name in the schema. */
export const pools = {
  families: { ...evenly(usual), wordings: ["seen"] },
  "two-step": { ...evenly(twoStepFamilies), wordings: ["seen"] },
  wide: {
    families: byName(wide),
    drawn: wide.flatMap(({ name }) => Array.from({ length: name in families ? toldShare : 1 }, () => name)),
    wordings: ["seen", "told"],
  },
} satisfies Record<string, Pool>;

/** The families of all pools. */
export const trainingFamilies: ReadonlyMap<string, Family> = byName(all);
