import { expect, test } from "vitest";
import { pools, trainingFamilies } from "./pools";
import { makeProblem } from "./problem";
import type { Family, Level } from "./task";
import { blanked } from "./testing/blanked";
import { twins, twinsOf } from "./twins";

const levels: readonly Level[] = [1, 2, 3];

function templatesOf(family: Family): Set<string> {
  const seeds = Array.from({ length: 60 }, (_, seed) => seed);
  const questions = pools.wide.wordings.flatMap((wording) =>
    levels.flatMap((level) => seeds.map((seed) => makeProblem(family, level, seed, wording).question)),
  );
  return new Set(questions.map(blanked));
}

test("twins are the families that share a question, whatever its numbers", () => {
  const askedBy = new Map<string, string[]>();
  for (const [name, family] of trainingFamilies) {
    for (const asked of templatesOf(family)) askedBy.set(asked, [...(askedBy.get(asked) ?? []), name]);
  }
  const found = [...askedBy.values()].flatMap((names) =>
    names.flatMap((one, i) => names.slice(i + 1).map((other) => [one, other].sort().join(" + "))),
  );
  expect([...new Set(found)].sort()).toEqual(twins.map((pair) => pair.join(" + ")));
});

test("a twin is one both ways", () => {
  expect(twinsOf("gcd")).toEqual(["value-of-gcd"]);
  expect(twinsOf("part-of-box")).toEqual(["box-surface", "box-volume"]);
  expect(twinsOf("squared-hypotenuse")).toEqual([]);
});
