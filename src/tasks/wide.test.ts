/** The wide pool teaches the words and the parts of what MiniAIME-25 asks, and never what it asks. */
import { describe, expect, it } from "vitest";
import { benchmarks } from "./benchmarks";
import { compositions } from "./compositions";
import { pools } from "./pools";
import { makeProblem } from "./problem";
import type { Family, Level, Wording } from "./task";

const { families, wordings } = pools.wide;

const levels: readonly Level[] = [1, 2, 3];

function questions(family: Family, wording: Wording): string[] {
  return levels.flatMap((level) =>
    Array.from({ length: 40 }, (_, seed) => makeProblem(family, level, seed, wording).question),
  );
}

const asked = [...families.values()].flatMap((family) => wordings.flatMap((wording) => questions(family, wording)));

const words = (text: string): string[] => text.match(/[A-Za-z]+/g) ?? [];

/** The words and marks of a question, its numbers, points and people blanked. */
function shape(question: string): string[] {
  const blank = question
    .replaceAll(/\d+/g, "#")
    .replaceAll(/\(#,#\)(, \(#,#\))*/g, "@")
    .replaceAll(/Ann|Bob|Eva|Leo|Mia|Tom/g, "&");
  return blank.match(/[A-Za-z]+|[^\sA-Za-z]/g) ?? [];
}

const wordFours = (question: string): string[] => {
  const all = shape(question);
  return all.slice(3).map((_, i) => all.slice(i, i + 4).join(" "));
};

it("holds every word of MiniAIME-25", () => {
  const known = new Set(asked.flatMap(words));
  const unknown = benchmarks["MiniAIME-25"]
    .flatMap(({ question }) => words(question))
    .filter((word) => !known.has(word));
  expect(unknown).toEqual([]);
});

it("asks no question of MiniAIME-25, whatever its numbers", () => {
  const shapes = new Set(asked.map((question) => shape(question).join(" ")));
  const met = benchmarks["MiniAIME-25"].filter(({ question }) => shapes.has(shape(question).join(" ")));
  expect(met).toEqual([]);
  expect(Object.keys(compositions).filter((name) => families.has(name))).toEqual([]);
});

const usual = [...pools.families.families.values()];

describe.each(usual)("$name, told", (family) => {
  const told = questions(family, "told");

  it("is worded in at least six further ways", () => {
    const openings = new Set(told.map((question) => shape(question).slice(0, 5).join(" ")));
    expect(openings.size).toBeGreaterThanOrEqual(6);
  });

  it("is no near copy of the benchmark's wording", () => {
    const held = new Set(questions(family, "unseen").flatMap(wordFours));
    const shares = told.map((question) => {
      const fours = wordFours(question);
      return fours.filter((four) => held.has(four)).length / fours.length;
    });
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.5);
  });
});
