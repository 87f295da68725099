/** The cold start's traces: shown before any run, taken home, and brought back as one's own. */
import { readFile } from "node:fs/promises";
import { en } from "../../src/i18n/en";
import { expect, test } from "../pages/test";

const words = en.traces;
const shown = {
  preset: "smoke",
  view: "traces",
  "evaluation.every": 0,
  "coldStart.rewritten": 0.5,
  "coldStart.exploration": 1,
  "coldStart.traces": 300,
};

test("D_init stands beside D_CI, trace by trace, and what was dropped says why", async ({ lab, page }) => {
  await lab.open(shown);
  await expect(page.getByRole("article", { name: `${words.trace} 1`, exact: true })).toContainText(words.stands);
  await page.getByLabel(words.style).selectOption(words.styles.rewritten);
  const trace = page.getByRole("article");
  await expect(trace).toContainText(words.styles.rewritten);
  await page.getByLabel(words.droppedOnly).check();
  await expect(trace).toContainText(words.reasons.rewriting);
  await expect(trace).toContainText(words.noTrace);
  await page.getByLabel(words.droppedOnly).uncheck();
  await page.getByRole("button", { name: words.next, exact: true }).click();
  await expect(trace.getByRole("figure", { name: en.transcript.code })).toHaveCount(1);
  await expect(trace.getByRole("figure", { name: en.transcript.interpreter })).toHaveCount(1);
  await expect(page.getByRole("figure", { name: words.counts(256) })).toContainText(words.dropped.rewriting);
});

test("saved traces are loaded again as one's own, and a wrong line is named", async ({ lab, page }) => {
  await lab.open(shown);
  for (const kind of ["jsonl", "parquet"]) {
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: words.save(kind) }).click();
    const file = await (await saving).path();
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: words.load }).click();
    const name = `mine.${kind}`;
    const buffer = await readFile(file);
    await (await choosing).setFiles({ name, mimeType: "application/octet-stream", buffer });
    await expect(
      page.getByText(new RegExp(`learn from ${name}: [12]\\d\\d traces stand, 0 were dropped`)),
    ).toBeVisible();
  }
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: words.load }).click();
  const buffer = Buffer.from('{"messages": [{"role": "user", "content": "What is 1+1?"}]}\n');
  await (await choosing).setFiles({ name: "wrong.jsonl", mimeType: "application/jsonl", buffer });
  await expect(lab.fault).toContainText("Line 1: the last message does not end with");
});

test("of one's own traces that are dropped, each line is named with the reason", async ({ lab, page }) => {
  await lab.open(shown);
  const line = (printed: string) =>
    JSON.stringify({
      messages: [
        { role: "user", content: "What is 6 * 7 mod 1000?" },
        {
          role: "assistant",
          tool_calls: [{ type: "function", function: { name: "code_interpreter", arguments: { code: "print(6*7)" } } }],
        },
        { role: "tool", content: printed },
        { role: "assistant", content: "<answer>\n\\boxed{42}\n</answer>" },
      ],
    });
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: words.load }).click();
  const buffer = Buffer.from([line("42"), line("41"), "", line("42"), line("")].join("\n"));
  await (await choosing).setFiles({ name: "mine.jsonl", mimeType: "application/jsonl", buffer });
  await expect(page.getByText(words.loaded("mine.jsonl", 2, 2))).toBeVisible();
  const dropped = page.getByRole("list", { name: words.droppedLines }).getByRole("listitem");
  await expect(dropped).toHaveText([2, 5].map((place) => words.droppedLine(place, words.reasons.output)));
});

test("a cold start of one's own traces says what it learned from, and how well", async ({ lab, page }) => {
  await lab.open({ ...shown, "coldStart.traces": 40, "coldStart.epochs": 1, "coldStart.batch": 16 });
  const answer = "<answer>\n\\boxed{4}\n</answer>";
  const line = (content: string) =>
    JSON.stringify({
      messages: [
        { role: "user", content: "What is 2+2?" },
        { role: "assistant", content },
      ],
    });
  const text = [...Array.from({ length: 40 }, () => line(answer)), line(`2+2=5\n${answer}`)].join("\n");
  const report = await page.evaluate(async (lines) => {
    await window.lab.loadTraces("sums", lines);
    return window.lab.coldStart();
  }, text);
  expect(report).toMatchObject({
    ok: true,
    value: { source: "sums", traces: 37, steps: 2, counts: { kept: { worked: 41 }, families: { own: { kept: 41 } } } },
  });
  const values = report.ok ? report.value : null;
  expect(values?.heldOutLoss).toBeGreaterThan(0);
  expect(values?.evaluation.values.evaluationFormatRate).toBeGreaterThanOrEqual(0);
});
