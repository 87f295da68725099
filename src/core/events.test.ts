import { expect, test } from "vitest";
import { addCounts, noSandboxCounts } from "./events";

test("the counts of two sandboxes are added one by one", () => {
  const sum = addCounts({ ...noSandboxCounts, ok: 3, workers: 1 }, { ...noSandboxCounts, ok: 2, crash: 1 });
  expect(sum).toEqual({ ...noSandboxCounts, ok: 5, crash: 1, workers: 1 });
});
