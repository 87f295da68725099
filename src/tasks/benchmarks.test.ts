import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { makeRng } from "../core/rng";
import { benchmarks, type BenchmarkName, isReserved } from "./benchmarks";
import { compositions } from "./compositions";
import { pools } from "./pools";
import { numbersOf, problemFromId } from "./problem";
import { families } from "./registry";
import { sampleProblem } from "./sample";
import type { Problem } from "./task";
import { twinsOf } from "./twins";

const digest = (problems: readonly Problem[]): string =>
  createHash("sha256")
    .update(JSON.stringify(problems.map(({ id, question, answer }) => [id, question, answer])))
    .digest("hex");

describe.each<[BenchmarkName, string]>([
  ["MiniAIME-24", "c063520bbee1ddd79bb499fe1089c1601611a5a10406d210ee208d59921e15d1"],
  ["MiniAIME-25", "54bb677f596e872c94d1bda4012eeb690e9f469c9d25e6e9afe618c5c10cd70d"],
])("%s", (name, expected) => {
  const problems = benchmarks[name];

  it("is the set that results are about", () => {
    expect(digest(problems)).toBe(expected);
  });

  it("has thirty different problems, ten of each level", () => {
    expect(new Set(problems.map((problem) => problem.question)).size).toBe(30);
    expect([1, 2, 3].map((level) => problems.filter((problem) => problem.level === level).length)).toEqual([
      10, 10, 10,
    ]);
  });

  it("has no answer twice, so that no guess pays", () => {
    expect(new Set(problems.map((problem) => problem.answer)).size).toBe(30);
  });

  it("is made of problems that their ids make again", () => {
    expect(problems.map((problem) => problemFromId(problem.id))).toEqual(problems);
  });
});

it("MiniAIME-24 asks every family in wordings of training", () => {
  const problems = benchmarks["MiniAIME-24"];
  expect(new Set(problems.map((problem) => problem.family))).toEqual(new Set(Object.keys(families)));
  expect(problems.filter((problem) => problem.id.endsWith("/unseen"))).toEqual([]);
});

it("MiniAIME-25 is half new wordings and half compositions", () => {
  const problems = benchmarks["MiniAIME-25"];
  expect(problems.every((problem) => problem.id.endsWith("/unseen"))).toBe(true);
  expect(problems.filter((problem) => problem.family in families).length).toBe(15);
  expect(problems.filter((problem) => problem.family in compositions).length).toBe(15);
});

/** What would give a benchmark's problem away: its words, its program, its numbers in a family that asks the same. */
const giveAway = ({ family, question, programs: [program] }: Problem): string[] => [
  question,
  `${family} ${program}`,
  ...twinsOf(family).map((name) => `${name} ${numbersOf(question)}`),
];

// One pair of two steps is a composition of MiniAIME-25, which is why the wide pool has not got it.
it.each([
  ["families", []],
  ["two-step", ["multiples-sum-remainder"]],
  ["wide", []],
] as const)("training on %s meets neither the questions of a benchmark nor their numbers", (name, askedAlike) => {
  const { drawn, wordings } = pools[name];
  const all = Object.values(benchmarks).flat();
  const asked = new Set(all.flatMap(giveAway));
  const templates = new Set<string>();
  let met = 0;
  for (let draw = 0; draw < 12_000; draw++) {
    const problem = sampleProblem(makeRng(9).fold(draw), { families: drawn, wordings });
    templates.add(problem.question.replaceAll(/\d+/g, "#"));
    const { family, question, programs } = problem;
    const said = [question, `${family} ${programs[0]}`, `${family} ${numbersOf(question)}`];
    if (said.some((text) => asked.has(text))) met++;
  }
  expect(met).toBe(0);
  const held = benchmarks["MiniAIME-25"].filter(({ question }) => templates.has(question.replaceAll(/\d+/g, "#")));
  expect(held.map(({ family }) => family)).toEqual(askedAlike);
});

it("knows two wordings of the same numbers as one", () => {
  const problem = benchmarks["MiniAIME-24"][0];
  expect(isReserved({ ...problem, question: "Another wording?" })).toBe(true);
});

it("knows a question that another family asks, in the same words or others", () => {
  const ids = Array.from({ length: 1000 }, (_, seed) => `divisors-of-number/1/${seed}`);
  const met = ids.map(problemFromId).filter(({ question }) => / 84[.?]$/.test(question));
  expect(new Set(met.map(({ question }) => question)).size).toBeGreaterThan(1);
  expect(met.map(isReserved)).not.toContain(false);
});
