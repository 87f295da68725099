/** WebGPU, here on a software adapter: the same episodes, and an update that learns the same as wasm's. */
import type { LabPage } from "../pages/lab-page";
import { expect, test } from "../pages/test";

/** Groups enough that one of them teaches, and one update, so that the loss is that of the first weights. */
const one = {
  preset: "smoke",
  seed: 1,
  "evaluation.every": 0,
  "rollout.problems": 4,
  "rollout.groupSize": 4,
  "rollout.maxTokens": 160,
  "learn.miniBatches": 1,
};

async function oneStep(lab: LabPage, backend: "wasm" | "webgpu") {
  await lab.open({ ...one, backend });
  await lab.oneStep();
  const { info } = await lab.snapshot();
  expect(info?.backend.name).toBe(backend);
  const { values } = await lab.row(1);
  const episodes = await lab.episodes({ step: 1 });
  return { values, rewards: episodes.map(({ reward }) => reward), ids: episodes.map(({ ids }) => ids) };
}

test("WebGPU writes the same episodes and makes the same update as wasm", async ({ lab }) => {
  const wasm = await oneStep(lab, "wasm");
  expect(wasm.values.mixedGroups).toBeGreaterThan(0);
  expect(wasm.values.gradientNorm).toBeGreaterThan(0);
  const webgpu = await oneStep(lab, "webgpu");
  expect(webgpu.ids).toEqual(wasm.ids);
  expect(webgpu.rewards).toEqual(wasm.rewards);
  expect(Math.abs((webgpu.values.loss ?? NaN) - (wasm.values.loss ?? NaN))).toBeLessThan(1e-3);
  const [norm, expected] = [webgpu.values.gradientNorm ?? NaN, wasm.values.gradientNorm ?? NaN];
  expect(Math.abs(norm - expected) / expected).toBeLessThan(1e-2);
});
