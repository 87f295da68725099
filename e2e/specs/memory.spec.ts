/** A long run holds what a short one holds, and leaves the page's own thread alone. */
import type { Worker } from "@playwright/test";
import { expect, test } from "../pages/test";
import { chromiumArguments, findChromium } from "../scripts/chromium.mjs";

const args = [...chromiumArguments, "--js-flags=--expose-gc", "--enable-precise-memory-info"];
test.use({ launchOptions: { executablePath: findChromium(), args } });

/** Small steps that do everything a step does; every second one is drawn from a group that teaches. */
const tiny = {
  preset: "smoke",
  "evaluation.every": 50,
  "rollout.problems": 1,
  "rollout.groupSize": 4,
  "rollout.maxTokens": 96,
};
const steps = 200;
const settled = 5;

/** Chromium's own additions, with the flags above. */
interface ChromiumScope {
  gc: () => void;
  performance: { memory: { usedJSHeapSize: number } };
}

/** Megabytes in use in the lab's worker once its garbage is gone. */
async function heapOf(worker: Worker): Promise<number> {
  const bytes = await worker.evaluate(() => {
    const { gc, performance } = globalThis as unknown as ChromiumScope;
    gc();
    return performance.memory.usedJSHeapSize;
  });
  return bytes / 2 ** 20;
}

test("memory is flat over 200 steps", async ({ lab, page }) => {
  test.setTimeout(6 * 60_000);
  await lab.open({ ...tiny, steps });
  const worker = page.workers().find((candidate) => /lab\.worker/.test(candidate.url()));
  if (!worker)
    throw new Error(
      `No lab worker among ${page
        .workers()
        .map((other) => other.url())
        .join(", ")}.`,
    );
  await lab.press("start");
  await lab.reachesStep(settled);
  const before = await heapOf(worker);
  await lab.reaches("finished", 5 * 60_000);
  const after = await heapOf(worker);
  const [early, late] = [(await lab.row(settled)).values, (await lab.row(steps)).values];
  console.log(
    `worker heap ${before.toFixed(1)} -> ${after.toFixed(1)} MB; tensors ${early.tensors} -> ${late.tensors}`,
  );
  expect(late.tensors).toBe(early.tensors);
  expect(late.tensorMegabytes).toBe(early.tensorMegabytes);
  // The newest 4,096 training episodes are kept, so 800 episodes are no leak.
  expect(after - before).toBeLessThan(24);
});
