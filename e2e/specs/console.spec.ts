/** The Python console: what a snippet did under the reader's limits, and what the policy would read under the run's. */
import { AxeBuilder } from "@axe-core/playwright";
import { en } from "../../src/i18n/en";
import { expect, test } from "../pages/test";

const words = en.console;
const tiny = { preset: "smoke", "evaluation.every": 0, view: "console" };

test("shows result, status, line, fuel and time, and beside it what the policy would read", async ({ lab, page }) => {
  await lab.open(tiny);
  const result = page.getByRole("region", { name: words.result });
  expect(await lab.runInConsole("print('a' * 300)\n1 / 0")).toMatch(
    /^a+\W.*\Wa*\nZeroDivisionError: division by zero$/s,
  );
  const printed = await result.getByRole("figure", { name: words.printed }).innerText();
  expect(printed.trim()).toBe(`${"a".repeat(300)}\nZeroDivisionError: division by zero`);
  await expect(result).toContainText(en.transcript.status.error);
  await expect(result).toContainText(/\d+ fuel used, [\d.,]+ ms/);
  await result.getByRole("button", { name: words.line(2) }).click();
  const selected = await page.evaluate(() => window.getSelection()?.toString());
  expect(selected).toBe("1 / 0");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
});

test("limits are the reader's until they are reset; the policy's stay the run's", async ({ lab, page }) => {
  await lab.open(tiny);
  const limits = page.getByRole("region", { name: words.limits });
  const result = page.getByRole("region", { name: words.result });
  const fuel = limits.getByRole("textbox").first();
  const reset = limits.getByRole("button", { name: words.resetLimits });
  await expect(reset).toBeDisabled();
  await fuel.fill("5");
  await fuel.press("Enter");
  await expect(limits.getByRole("alert")).toContainText("5");
  await fuel.fill("2000");
  await fuel.press("Enter");
  const loop = "for i in range(10_000): pass\nprint(i)";
  expect(await lab.runInConsole(loop)).toBe("9999");
  await expect(result).toContainText(en.transcript.status.timeout);
  await expect(result).toContainText(
    words.endings.timeout({ fuel: 0, seconds: 0, outputCharacters: 0, outOfFuel: true }),
  );
  await reset.click();
  await expect(fuel).not.toHaveValue("2000");
  await lab.runInConsole(loop);
  await expect(result).toContainText(en.transcript.status.ok);
});

test("runs by keyboard, keeps earlier runs, and counts them live", async ({ lab, page }) => {
  await lab.open(tiny);
  const code = page.getByRole("textbox", { name: words.code });
  const printed = page.getByRole("figure", { name: words.printed });
  await code.fill("print('first')");
  await code.press("Control+Enter");
  await expect(printed).toHaveText(/first/);
  await lab.runInConsole("while True: print('flood')");
  const counts = page.getByRole("region", { name: words.counts });
  const count = (name: string) => counts.locator("div").filter({ hasText: name }).getByRole("definition");
  await expect(count(words.countNames.ok)).toHaveText("1");
  await expect(count(words.countNames.output)).toHaveText("1");
  // It is there after another view was looked at, too.
  await lab.goTo("lab");
  await lab.goTo("console");
  await page
    .getByRole("region", { name: words.history })
    .getByRole("button", { name: /print\('first'\)/ })
    .click();
  await expect(code).toHaveValue("print('first')");
  await expect(printed).toHaveText(/first/);
});
