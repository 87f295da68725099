/** Reinforcement learning on WebGPU alone, here on a software adapter: from load to a measurably better policy. */
import { expect, test } from "../pages/test";

const steps = 8;

test("spark, seed 1, learns on WebGPU within three minutes", async ({ lab }) => {
  test.setTimeout(180_000);
  await lab.open({ seed: 1, steps, backend: "webgpu", "evaluation.every": steps, "evaluation.samples": 4 });
  const { info } = await lab.snapshot();
  expect(info?.backend.name).toBe("webgpu");
  expect(info?.checkpoint).toBe("cold-start/spark");
  await lab.press("start");
  await lab.reaches("finished", 170_000);
  const [first, last] = [(await lab.row(0)).values.accuracy ?? 1, (await lab.row(steps)).values.accuracy ?? 0];
  console.log(`accuracy on MiniAIME-24: ${first.toFixed(3)} -> ${last.toFixed(3)} in ${steps} steps on WebGPU`);
  expect(last - first).toBeGreaterThanOrEqual(0.2);
  expect((await lab.snapshot()).info?.backend.name).toBe("webgpu");
});
