/** The wide pool teaches the words and the parts of what MiniAIME-25 asks, and never what it asks. */
import { describe, expect, it } from "vitest";
import { benchmarks } from "./benchmarks";
import { compositions } from "./compositions";
import { pools } from "./pools";
import { makeProblem } from "./problem";
import type { Family, Level, Wording } from "./task";
import { blanked } from "./testing/blanked";

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
const shape = (question: string): string[] => blanked(question).match(/[A-Za-z]+|[^\sA-Za-z]/g) ?? [];

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

/** What each composition asks, whatever the words around it. */
const compositionsAsked: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["multiples-sum-remainder", /remainder when the sum of all multiples|sum of all multiples.* (mod|divided)/],
  ["gcd-of-squares", /greatest common divisor of \d+\^2 and \d+\^2/],
  ["gcd-of-three", /greatest common divisor of \d+, \d+ and \d+/],
  ["digit-sum-of-product", /digits of (\d+ \* \d+|the product of \d+ and \d+)[.?]$/],
  ["power-sum-remainder", /remainder when \d+\^\d+ \+ \d+\^\d+ is/],
  ["prime-sum", /sum of (the|all) primes (up to \d+[.?]$|from [123] to)/],
  ["multiples-of-one-only", /(number of|How many) (multiples of \d+|even numbers) up to \d+ that are not multiples of/],
  ["box-diagonal", /(box|cube).*square of its diagonal|square of the diagonal of a (box|cube)/],
  ["other-leg", /square of the other leg/],
  ["triangle-boundary", /three sides/],
  [
    "product-from-sum-and-difference",
    /sum \d+ and difference \d+.*their product|product of two numbers with sum \d+ and diff/,
  ],
  ["sum-of-root-squares", /sum of (the squares of the roots|their squares).*x\^2|roots of x\^2.*sum of their squares/],
  ["equation-with-x-on-both-sides", /\d+x \+ \d+ = \d+x \+ \d+/],
  ["digit-sum-of-fibonacci", /digits of the Fibonacci/],
  ["teams-of-both", /choose \d+ from \d+ and then (choose )?\d+ from \d+, mod/],
];

it.each(compositionsAsked)("never asks for %s, which MiniAIME-25 does", (name, pattern) => {
  const inBenchmark = benchmarks["MiniAIME-25"].filter(({ family }) => family === name);
  expect(inBenchmark.map(({ question }) => pattern.test(question))).toEqual([true]);
  expect(asked.filter((question) => pattern.test(question))).toEqual([]);
});

it("knows every composition", () => {
  expect(compositionsAsked.map(([name]) => name).sort()).toEqual(Object.keys(compositions).sort());
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
