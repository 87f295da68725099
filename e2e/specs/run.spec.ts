/** Steering a run: pause, resume, one step, reset, and the same again after a reload. */
import type { LabPage } from "../pages/lab-page";
import { expect, test } from "../pages/test";

const tiny = { preset: "smoke", "evaluation.every": 0 };

test("pause stops after the step under way, and resume goes on from there", async ({ lab }) => {
  await lab.open({ ...tiny, steps: 1000 });
  await lab.press("start");
  await lab.reachesStep(2);
  await lab.press("pause");
  await lab.reaches("paused");
  const { step } = await lab.snapshot();
  // What would go on if it went on: the next step's episodes.
  const python = await lab.page.evaluate(() => window.lab.runSnippet("print(sum(range(2000000)))"));
  expect(python.ok && python.value.status).toBe("ok");
  expect(await lab.snapshot()).toMatchObject({ state: "paused", step });
  await lab.press("resume");
  await lab.reachesStep(step + 2);
  await lab.press("pause");
  await lab.reaches("paused");
  const { metrics } = await lab.snapshot();
  const steps = metrics.map((row) => row.step);
  expect(steps).toEqual(Array.from(steps, (_, index) => index + 1));
});

interface FirstStep {
  numbers: (number | undefined)[];
  episodes: { id: string; ids: number[]; logprobs: number[]; advantage: number }[];
}

/** Everything of step 1 that has to come again. */
async function firstStep(lab: LabPage): Promise<FirstStep> {
  await lab.oneStep();
  const { values } = await lab.row(1);
  const episodes = await lab.episodes({ step: 1, purpose: "train" });
  return {
    numbers: [values.reward, values.loss, values.gradientNorm, values.entropy, values.responseLength],
    episodes: episodes.map(({ id, ids, logprobs, advantage }) => ({ id, ids, logprobs, advantage })),
  };
}

test("a reload and a reset give the same first step to the last digit, another seed another", async ({ lab, page }) => {
  await lab.open({ ...tiny, seed: 7 });
  const first = await firstStep(lab);
  expect(first.episodes).toHaveLength(8);
  expect(first.numbers.every((value) => value !== undefined)).toBe(true);

  await page.reload();
  await lab.ready();
  expect(await firstStep(lab)).toEqual(first);

  await lab.oneStep();
  await lab.press("reset");
  await lab.reaches("ready");
  expect(await lab.snapshot()).toMatchObject({ step: 0, episodes: 0, metrics: [] });
  expect(await firstStep(lab)).toEqual(first);

  await lab.open({ ...tiny, seed: 8 });
  expect((await firstStep(lab)).episodes).not.toEqual(first.episodes);
});
