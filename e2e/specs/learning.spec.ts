/** From load to a policy that is measurably better, with Python that really ran in between. */
import type { EpisodeRecord } from "../../src/core/episode";
import { en } from "../../src/i18n/en";
import { expect, test } from "../pages/test";

/** Enough to rise by 0.2 from the shipped cold start with room to spare. */
const steps = 40;

/** What CPython itself calls an error. */
const pythonError =
  /^(?:Name|Syntax|Type|Value|Attribute|Index|Key|Import|ZeroDivision|ModuleNotFound|Indentation|UnboundLocal|Overflow|Recursion)Error: ./;

const turnsOf = (episodes: readonly EpisodeRecord[]) => episodes.flatMap((episode) => episode.turns);

test("spark, seed 1, learns to use Python", async ({ lab, page }) => {
  test.setTimeout(15 * 60_000);
  await lab.open({ seed: 1, steps, "evaluation.every": steps, "evaluation.samples": 8 });
  expect((await lab.snapshot()).info?.checkpoint).toBe("cold-start/spark");
  await lab.press("start");
  await lab.reaches("finished", 14 * 60_000);

  const [first, last] = [(await lab.row(0)).values, (await lab.row(steps)).values];
  console.log(
    `accuracy on MiniAIME-24: ${first.accuracy?.toFixed(3)} -> ${last.accuracy?.toFixed(3)} in ${steps} steps`,
  );
  expect((last.accuracy ?? 0) - (first.accuracy ?? 1)).toBeGreaterThanOrEqual(0.2);
  expect(last.evaluationCodeRatio).toBeGreaterThan(first.evaluationCodeRatio ?? 1);

  await test.step("the interpreter's text is Python's own", async () => {
    const episodes = await lab.episodes({ purpose: "train" });
    const errors = turnsOf(episodes).filter(({ status }) => status === "error");
    expect(errors.filter(({ error }) => pythonError.test(error)).length).toBeGreaterThan(0);
    for (const turn of errors) expect(turn.observation).toContain(turn.error.slice(0, 40));
    const byCode = episodes.filter((episode) => episode.correctByCode);
    expect(byCode.length).toBeGreaterThan(100);
    for (const { problem, turns } of byCode.slice(0, 50)) {
      const printed = turns
        .findLast(({ status }) => status === "ok")
        ?.stdout.trim()
        .split(/\s+/)
        .at(-1);
      expect(Number(printed)).toBe(problem.answer);
    }
  });

  await test.step("the page shows an episode with its error", async () => {
    await lab.goTo("episodes");
    await page.getByRole("checkbox", { name: en.episodes.withError }).check();
    await page.getByRole("list", { name: en.episodes.list }).getByRole("button").first().click();
    await expect(page.getByRole("figure", { name: en.transcript.error }).first()).toContainText(/Error/);
    await expect(page.getByRole("figure", { name: en.transcript.code }).first()).toBeVisible();
  });

  await test.step("the curves can be read as a table", async () => {
    await lab.goTo("lab");
    await page
      .getByRole("region", { name: en.charts.title })
      .first()
      .getByText(en.charts.table, { exact: true })
      .click();
    const row = page
      .getByRole("row")
      .filter({ has: page.getByRole("rowheader", { name: String(steps), exact: true }) });
    await expect(row).toContainText("%");
  });
});
