/** Runs beside one another: those of this tab, the example that is shipped, and runs from files. */
import { AxeBuilder } from "@axe-core/playwright";
import { metrics } from "../../src/core/metrics";
import { en } from "../../src/i18n/en";
import { expect, test } from "../pages/test";

const words = en.compare;

test("a run stays to be compared when it is reset, beside the same with another seed", async ({ lab, page }) => {
  await lab.open({ preset: "smoke", "evaluation.every": 0 });
  await page.evaluate(() => window.lab.step());
  await lab.reachesStep(1);
  await page.getByLabel(en.header.seed).fill("2");
  await page.getByLabel(en.header.seed).press("Enter");
  await page.getByRole("button", { name: en.controls.resetWith }).click();
  await expect.poll(async () => (await lab.snapshot()).info?.config.seed).toBe(2);
  await lab.reaches("ready");
  await page.getByRole("tab", { name: en.header.compare }).click();
  await expect(page.getByRole("rowheader", { name: "smoke 1, seed 1" })).toBeVisible();
  await page.evaluate(() => window.lab.step());
  await expect(page.getByRole("rowheader", { name: `${words.present}, seeds 2, 1` })).toBeVisible();
  await expect(page.getByRole("figure", { name: "reward" })).toBeVisible();
});

test("the example shows ReTool beside its twin, with intervals and what they differ in", async ({ lab, page }) => {
  await lab.open({ preset: "smoke", view: "compare" });
  await expect(page.getByText(words.empty)).toBeVisible();
  await page.getByRole("button", { name: words.example }).click();
  await expect(page.getByText(/They differ in: preset \(spark \/ spark-text/)).toContainText("tool (on / off / on)");
  const table = page.getByRole("region", { name: words.table });
  await expect(table.getByRole("row", { name: /^ReTool, seeds 1, 2, 3/ })).toContainText(/\d\d(\.\d)? % \(/);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await page.getByText(en.measures.figure3, { exact: true }).click();
  const length = metrics.evaluationResponseLength.label.en;
  await expect(page.getByRole("figure", { name: length, exact: true }).getByText(/^\d+$/).first()).toBeVisible();
  await page.getByLabel(words.shown("text-only RL")).uncheck();
  await expect(table.getByRole("row")).toHaveCount(3);
  await page.getByRole("button", { name: `${words.remove} ReTool` }).click();
  await expect(page.getByLabel(words.shown("ReTool"))).toHaveCount(0);
});

test("a file that is no run is refused by name, and what is there stays", async ({ lab, page }) => {
  await lab.open({ preset: "smoke", view: "compare" });
  await page.getByRole("button", { name: words.example }).click();
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: words.load }).click();
  await (await choosing).setFiles({ name: "run.json", mimeType: "application/json", buffer: Buffer.from("{") });
  await expect(lab.fault).toContainText("metrics.jsonl is missing");
  await expect(page.getByLabel(words.shown("ReTool"))).toBeChecked();
});
