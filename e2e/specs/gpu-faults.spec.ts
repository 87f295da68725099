/** A GPU that fails in the middle of a run: the run goes on from its last finished step, and loses nothing. */
import { en } from "../../src/i18n/en";
import type { LabPage } from "../pages/lab-page";
import { expect, test } from "../pages/test";

/** Enough steps that a disturbance, which is on its way for part of a second, meets the run and not its end. */
const steps = 16;
const short = { preset: "smoke", seed: 1, backend: "webgpu", steps, "evaluation.every": 0 };
const allSteps = Array.from({ length: steps }, (_, i) => i + 1);

/** What a step has computed, without how long it took or what it held. */
async function numbersOf(lab: LabPage) {
  const { metrics } = await lab.snapshot();
  return metrics.map(({ step, episodes, values }) => {
    const { reward, loss, gradientNorm, entropy, codeRatio, responseLength } = values;
    return { step, episodes, reward, loss, gradientNorm, entropy, codeRatio, responseLength };
  });
}

/** A whole run; something happens to it after steps that are named. */
async function finish(lab: LabPage, after: Record<number, () => Promise<void>> = {}) {
  await lab.open(short);
  await lab.press("start");
  for (const [step, disturb] of Object.entries(after)) {
    await lab.reachesStep(Number(step));
    await disturb();
  }
  await lab.reaches("finished");
  return numbersOf(lab);
}

/** Lets the GPU fail. A device that is being replaced cannot fail once more, so this waits until the run goes on. */
async function fails(lab: LabPage, how: "lose" | "exhaust", notice: "device-replaced" | "less-memory"): Promise<void> {
  await lab.sabotageGpu(how);
  await expect(lab.notices).toContainText(en.notices[notice]);
}

test("a lost device and a full memory change no number of the run", async ({ lab }) => {
  test.slow();
  const undisturbed = await finish(lab);
  expect(undisturbed.map(({ step }) => step)).toEqual(allSteps);
  const disturbed = await finish(lab, {
    1: () => fails(lab, "lose", "device-replaced"),
    2: () => fails(lab, "exhaust", "less-memory"),
  });
  expect(disturbed).toEqual(undisturbed);
  expect((await lab.snapshot()).info?.backend.name).toBe("webgpu");
});

test("when the browser's GPU process crashes, the run still comes to its end", async ({ lab, page, browser }) => {
  test.slow();
  const session = await browser.newBrowserCDPSession();
  const anyway = [en.notices["device-replaced"], en.notices["left-webgpu"]].map((words) =>
    words.replaceAll(".", "\\."),
  );
  const crash = async (): Promise<void> => {
    // The answer may be lost together with the process.
    void session.send("Browser.crashGpuProcess").catch(() => undefined);
    await expect(lab.notices).toContainText(new RegExp(anyway.join("|")));
  };
  const numbers = await finish(lab, { 1: crash });
  expect(numbers.map(({ step }) => step)).toEqual(allSteps);
  expect(numbers.map(({ episodes }) => episodes)).toEqual(allSteps.map((step) => 8 * step));
  await expect(page.getByRole("alert")).toHaveCount(0);
});
