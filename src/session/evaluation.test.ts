import { expect, test } from "vitest";
import { benchmarks } from "../tasks/benchmarks";
import { unscoredProblems } from "./evaluation";

test("a problem of which the sandbox left no attempt is not scored, and makes the set another one", () => {
  const problems = benchmarks["MiniAIME-24"];
  const episodes = problems.flatMap((problem) => [{ problem }, { problem }]);
  expect(unscoredProblems({ problems }, episodes)).toBe(0);
  expect(unscoredProblems({ problems }, episodes.slice(1))).toBe(0);
  expect(unscoredProblems({ problems }, episodes.slice(4))).toBe(2);
  expect(unscoredProblems({ problems }, [])).toBe(30);
});
