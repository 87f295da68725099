import { describe, expect, it } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { makeRng } from "../core/rng";
import { pretokenPattern } from "../text/train-bpe";
import { compositions } from "./compositions";
import { pools, trainingFamilies } from "./pools";
import { makeProblem, problemFromId } from "./problem";
import { families } from "./registry";
import type { Kind, Level, Problem, Wording } from "./task";

const levels: readonly Level[] = [1, 2, 3];
const registered = Object.values(families);
const trained = [...trainingFamilies.values()];
const everyFamily = [...trained, ...Object.values(compositions)];

/** An upper bound on tokens: what no merge of the byte-pair encoding crosses counts as one. */
function tokens(text: string): number {
  return text.match(new RegExp(pretokenPattern, "gu"))?.length ?? 0;
}

const solvedText = ({ question, answer }: Problem, worked: string): string =>
  `${question}${worked}<answer>\\boxed{${answer}}</answer>`;

/** The wording without its numbers. */
const wording = (question: string): string => question.replaceAll(/\d+/g, "#");

describe("the registry", () => {
  it("has its families under their names", () => {
    expect(Object.entries(families).map(([key, family]) => [key, family.name])).toEqual(
      registered.map((family) => [family.name, family.name]),
    );
    expect(registered.length).toBeGreaterThanOrEqual(16);
    expect(new Set(everyFamily.map((family) => family.name)).size).toBe(everyFamily.length);
  });

  it.each<[Kind, number]>([
    ["geometry", 4],
    ["computation", 4],
    ["equations", 4],
    ["number-theory", 2],
    ["combinatorics", 2],
    ["sequences", 2],
  ])("has families of %s", (kind, atLeast) => {
    expect(registered.filter((family) => family.kind === kind).length).toBeGreaterThanOrEqual(atLeast);
  });

  it("asks and works in a small vocabulary, which a byte-pair encoding of 512 ids can hold", () => {
    const words = new Set<string>();
    for (const family of [...pools.families.families.values(), ...pools["two-step"].families.values()]) {
      for (const level of levels) {
        for (let seed = 0; seed < 60; seed++) {
          const { question, worked, programs } = makeProblem(family, level, seed);
          for (const word of [question, ...worked, ...programs].join("\n").match(/[A-Za-z]{2,}/g) ?? [])
            words.add(word);
        }
      }
    }
    expect(words.size).toBeLessThanOrEqual(90);
  });
});

describe.each(trained)("$name", (family) => {
  it.each(levels)("has no answer that is right for more than 12 % of the problems of level %i", (level) => {
    const draws = 2000;
    const counts = new Map<number, number>();
    for (let seed = 0; seed < draws; seed++) {
      const { answer } = makeProblem(family, level, seed);
      expect(Number.isInteger(answer) && answer >= 0 && answer <= 999).toBe(true);
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    }
    expect(Math.max(...counts.values()) / draws).toBeLessThan(0.12);
  });

  it("is worded in several ways, none of which is held out", () => {
    const seeds = Array.from({ length: 60 }, (_, seed) => seed);
    const seen = new Set(seeds.map((seed) => wording(makeProblem(family, 2, seed).question)));
    const unseen = new Set(seeds.map((seed) => wording(makeProblem(family, 2, seed, "unseen").question)));
    expect(seen.size).toBeGreaterThanOrEqual(2);
    expect(unseen.size).toBeGreaterThanOrEqual(1);
    expect([...unseen].filter((question) => seen.has(question))).toEqual([]);
  });

  it("is solved at a length that a small policy can learn", () => {
    for (const level of levels) {
      const problems = Array.from({ length: 200 }, (_, seed) => makeProblem(family, level, seed));
      const texts = problems.flatMap((problem) => problem.worked.map((worked) => tokens(solvedText(problem, worked))));
      const programs = problems.flatMap((problem) => problem.programs.map(tokens));
      const mean = texts.reduce((sum, length) => sum + length, 0) / texts.length;
      expect(mean).toBeGreaterThan(25);
      expect(mean).toBeLessThan(120);
      expect(Math.max(...texts)).toBeLessThanOrEqual(140);
      expect(Math.max(...programs)).toBeLessThanOrEqual(50);
    }
  });
});

const anyProblem = fc
  .record({
    family: fc.constantFrom(...trained),
    level: fc.constantFrom(...levels),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    wording: fc.constantFrom<Wording>("seen", "told", "unseen"),
  })
  .map(({ family, level, seed, wording }) => makeProblem(family, level, seed, wording));

test.prop([anyProblem])("an id makes its problem again", (problem) => {
  expect(problemFromId(problem.id)).toEqual(problem);
});

test.prop([anyProblem])("a problem has what a cold start needs", (problem) => {
  expect(new Set(problem.programs).size).toBeGreaterThanOrEqual(2);
  expect(problem.worked.length).toBeGreaterThanOrEqual(1);
  for (const worked of problem.worked) expect(worked.match(/\d+/g)?.at(-1)).toBe(String(problem.answer));
  expect(problem.question).toMatch(/^[\x20-\x7e]+$/);
});

it.each(["", "gcd", "gcd/4/1", "gcd/1/x", "nothing/1/1", "gcd/1/1/other"])("refuses the id %j", (id) => {
  expect(() => problemFromId(id)).toThrow(RangeError);
});

it("draws the same whatever the stream gave before", () => {
  const rng = makeRng(5);
  const first = families.gcd.generate(rng.fold("problem"), 2);
  rng.uint32();
  expect(families.gcd.generate(rng.fold("problem"), 2)).toEqual(first);
});
