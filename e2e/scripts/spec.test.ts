import { expect, test } from "vitest";
import { coverage, titlesIn } from "./spec";

test("a title names its rules before a colon", () => {
  expect(titlesIn('test("A1, M2: a mean", f); test("no rule: here", f); test("K2: a band", f);')).toEqual([
    { rules: ["A1", "M2"], title: "a mean" },
    { rules: ["K2"], title: "a band" },
  ]);
});

test("every rule of learning has a test that carries its number", () => {
  const report = coverage();
  expect(report.length).toBeGreaterThan(25);
  expect(report.filter(({ tests }) => tests.length === 0).map(({ rule }) => rule)).toEqual([]);
});
