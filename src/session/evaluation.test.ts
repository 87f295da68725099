import { expect, test } from "vitest";
import { benchmarks } from "../tasks/benchmarks";
import { checkWhole } from "./evaluation";

test("a set of which the sandbox left a problem without an attempt has no score", () => {
  const problems = benchmarks["MiniAIME-24"];
  const set = { title: "MiniAIME-24", problems };
  const episodes = problems.map((problem) => ({ problem }));
  expect(() => checkWhole(set, episodes)).not.toThrow();
  expect(() => checkWhole(set, episodes.slice(2))).toThrow("every attempt at 2 of the 30 problems of MiniAIME-24");
  expect(() => checkWhole(set, [])).toThrow("30 of the 30");
});
