/** PyTorch's losses and gradients on the plan's kernels and on wasm; on the cpu they are in advantage.test. */
import { expect, test } from "vitest";
import golden from "../../e2e/golden/objectives.json";
import { lossRunners } from "../tensor/testing/op";
import { checkObjectives } from "./testing/golden";

test.each(Object.entries(lossRunners))("O1, O3, O4, O5, O6, C1: hold on %s", async (_, run) => {
  const { quantities } = await checkObjectives(run, golden, 1e-4);
  expect(quantities.length).toBeGreaterThan(19);
  expect(quantities.filter(({ passed }) => !passed)).toEqual([]);
});
