/** What an evaluation measures, as the page shows it: scores with intervals, Figure 3, and a set of one's own. */
import { AxeBuilder } from "@axe-core/playwright";
import { en } from "../../src/i18n/en";
import type { LabPage } from "../pages/lab-page";
import { expect, test } from "../pages/test";

const words = en.measures;
const tiny = { preset: "smoke", "evaluation.every": 2, "evaluation.samples": 2, steps: 2 };

const ownSet = [
  '{"id": 1, "problem": "What is 6^10 mod 45?", "answer": "036"}',
  '{"id": 2, "problem": "Find the sum of all multiples of 7 up to 140.", "answer": 470, "solution": "..."}',
  // Longer than an episode of this preset may be: it has room of its own.
  JSON.stringify({ problem: "Let n be the number of positive integers that divide it. ".repeat(12), answer: 5 }),
].join("\n");

async function loadOwn(lab: LabPage, text: string): Promise<void> {
  const button = lab.page.getByRole("button", { name: words.loadOwn });
  if (!(await button.isVisible())) await lab.page.getByText(en.controls.files, { exact: true }).click();
  const chooser = lab.page.waitForEvent("filechooser");
  await button.click();
  await (await chooser).setFiles([{ name: "own.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(text) }]);
}

const show = (lab: LabPage, name: string): Promise<void> => lab.page.getByRole("radio", { name, exact: true }).click();

test("scores stand beside right by code, with intervals, by level, family and problem, for all sets", async ({
  lab,
  page,
}) => {
  await lab.open(tiny);
  await loadOwn(lab, ownSet);
  await expect(page.getByText(words.ownLoaded("own.jsonl", 3))).toBeVisible();
  await lab.press("start");
  await lab.reaches("finished");

  const { values } = await lab.row(2);
  for (const [right, byCode] of [
    [values.accuracy, values.accuracyByCode],
    [values.accuracy25, values.accuracyByCode25],
    [values.accuracyOwn, values.accuracyByCodeOwn],
  ]) {
    expect(byCode).toBeGreaterThanOrEqual(0);
    expect(right).toBeGreaterThanOrEqual(byCode ?? 2);
  }
  const { evaluations } = await lab.snapshot();
  expect(evaluations.map(({ set, step, all }) => [set, step, all.problems, all.samples])).toEqual([
    ["MiniAIME-24", 0, 30, 60],
    ["MiniAIME-25", 0, 30, 60],
    ["own", 0, 3, 6],
    ["MiniAIME-24", 2, 30, 60],
    ["MiniAIME-25", 2, 30, 60],
    ["own", 2, 3, 6],
  ]);
  const names = (await lab.episodes({ purpose: "evaluation" })).map(({ id }) => id);
  expect(new Set(names).size).toBe(126);

  await show(lab, words.scores);
  const table = page.getByRole("region", { name: words.scores, exact: true });
  await expect(table.getByRole("row").filter({ hasText: words.allProblems })).toContainText(
    /\d+ %\s*\(\d+ % – \d+ %\)/,
  );
  await expect(table).toContainText(en.episodes.level(3));
  await expect(table).toContainText("triangle-area");
  await page.getByRole("combobox", { name: words.evaluation }).selectOption({ label: words.at("own.jsonl", 2) });
  await page.getByText(words.byProblem, { exact: true }).click();
  await expect(page.getByRole("region", { name: words.byProblem })).toContainText("What is 6^10 mod 45?");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("Figure 3 is there after the first evaluation, each panel a hover away from its meaning", async ({
  lab,
  page,
}) => {
  await lab.open(tiny);
  await lab.press("start");
  await lab.reaches("finished");
  await show(lab, words.figure3);
  for (const name of [words.lengths, words.codeRatio, "code lines", "correct code count", words.lastSnippet]) {
    await expect(page.getByRole("figure", { name, exact: true })).toBeVisible();
  }
  const panel = page.getByRole("figure", { name: words.codeRatio, exact: true });
  await panel.getByRole("button").hover();
  const tooltip = page.getByRole("tooltip");
  await expect(tooltip).toContainText("share of evaluation samples with at least one snippet");
  await expect(tooltip).toContainText("Figure 3b: rises to about 98 %");
  await panel.getByRole("button").click();
  await expect(page.getByRole("dialog", { name: words.codeRatio })).toContainText("Figure 3b");
  await page.keyboard.press("Escape");
  // The button has the focus again, which tells what a hover tells; it is there before it can be sent away.
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(tooltip).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(tooltip).toBeHidden();
  await expect(page.getByRole("figure", { name: words.purposes })).toContainText(words.purposeNames.calculation);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("a file that is no set is refused with the number of its line", async ({ lab, page }) => {
  await lab.open(tiny);
  await loadOwn(lab, `${ownSet}\n{"problem": "?", "answer": 1000}`);
  await expect(lab.fault).toContainText('Line 4: "answer" is 1000, not a whole number from 0 to 999.');
  await expect(page.getByText(words.ownHint)).toBeVisible();
});
