/** A long run holds what a short one holds. */
import type { Page } from "@playwright/test";
import { expect, test } from "../pages/test";

/** Small steps that do everything a step does. */
const tiny = {
  preset: "smoke",
  "evaluation.every": 50,
  "rollout.problems": 1,
  "rollout.groupSize": 4,
  "rollout.maxTokens": 96,
};
const steps = 200;
const settled = 5;

/** Chromium's own addition; it collects garbage first, and counts every worker of the page. */
interface ChromiumPerformance {
  measureUserAgentSpecificMemory: () => Promise<{ bytes: number }>;
}

/** Megabytes of JavaScript and wasm memory that the page and its workers hold. */
async function heapOf(page: Page): Promise<number> {
  const bytes = await page.evaluate(async () => {
    const chromium = performance as unknown as ChromiumPerformance;
    return (await chromium.measureUserAgentSpecificMemory()).bytes;
  });
  return bytes / 2 ** 20;
}

test("memory is flat over 200 steps", async ({ lab, page }) => {
  test.setTimeout(6 * 60_000);
  await lab.open({ ...tiny, steps });
  await lab.press("start");
  await lab.reachesStep(settled);
  const before = await heapOf(page);
  await lab.reaches("finished", 5 * 60_000);
  const after = await heapOf(page);
  const [early, late] = [(await lab.row(settled)).values, (await lab.row(steps)).values];
  console.log(`heap ${before.toFixed(1)} -> ${after.toFixed(1)} MB; tensors ${early.tensors} -> ${late.tensors}`);
  expect(late.tensors).toBe(early.tensors);
  expect(late.tensorMegabytes).toBe(early.tensorMegabytes);
  // The newest 4,096 training episodes are kept, so 800 episodes are no leak.
  expect(after - before).toBeLessThan(24);
});
