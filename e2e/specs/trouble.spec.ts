/** What can go wrong while a run goes on, and that it goes on and says so. */
import { en } from "../../src/i18n/en";
import { LabPage } from "../pages/lab-page";
import { expect, test } from "../pages/test";

const tiny = { preset: "smoke", "evaluation.every": 0 };

test("without cross-origin isolation it learns and says what is missing", async ({ page, sites }) => {
  const lab = new LabPage(page, sites.plain);
  await lab.open(tiny);
  expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(false);
  expect((await lab.snapshot()).info?.isolated).toBe(false);
  await expect(lab.notices).toContainText(en.notices["no-isolation"]);
  await lab.oneStep();
  expect((await lab.row(1)).episodes).toBe(8);
});

test("a Python worker killed in mid-run is replaced, and the run goes on", async ({ lab }) => {
  await lab.open({ ...tiny, steps: 1000 });
  await lab.press("start");
  await lab.reachesStep(1);
  await lab.killSandboxWorker();
  await expect.poll(async () => (await lab.snapshot()).sandbox.respawned).toBe(1);
  await expect(lab.notices).toContainText(en.notices["worker-replaced"]);
  const { step } = await lab.snapshot();
  await lab.reachesStep(step + 2);
  await lab.press("pause");
  await lab.reaches("paused");
  const { metrics, sandbox } = await lab.snapshot();
  expect(sandbox.dropped).toBe(0);
  expect(metrics.map((row) => row.values.droppedEpisodes)).toEqual(metrics.map(() => 0));
  const after = await lab.page.evaluate(() => window.lab.runSnippet("print(6 * 7)"));
  expect(after.ok && after.value.observation).toContain("42");
});

test("a snippet that never ends is stopped, and the next one is right", async ({ lab }) => {
  await lab.open(tiny);
  await lab.goTo("console");
  expect(await lab.runInConsole("while True: pass")).toContain("TimeoutError");
  expect(await lab.runInConsole("print(6 * 7)")).toBe("42");
});

test("a broken address is reported by value, expectation and remedy, and the rest of it is used", async ({
  lab,
  page,
}) => {
  await lab.open({ ...tiny, sead: 3, "learn.clipHigh": 99, "rollout.groupSize": 3 });
  const problems = page.getByRole("status", { name: en.problems.title });
  await expect(problems).toContainText("learn.clipHigh is 99, expected 0.00001..10");
  await expect(problems).toContainText("remove it from the address to use 0.28");
  await expect(problems).toContainText("sead is not a setting; write seed, or remove it from the address");
  await lab.oneStep();
  const { info, episodes } = await lab.snapshot();
  expect(info?.config.learn.clipHigh).toBe(0.28);
  expect(episodes).toBe(2 * 3);
});
