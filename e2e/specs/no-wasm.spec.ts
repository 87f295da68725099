/** A browser that does not compile, as in Edge with strict security: nothing can work, and it gets a page that says what is missing and what to do. */
import { en } from "../../src/i18n/en";
import { expect, test } from "../pages/test";
import { chromiumArguments, findChromium } from "../scripts/chromium.mjs";

test.use({
  launchOptions: { executablePath: findChromium(), args: [...chromiumArguments, "--js-flags=--jitless"] },
});

test("without WebAssembly the page says what is missing and what to do", async ({ lab, page }) => {
  await lab.visit();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(en.unsupported.title);
  await expect(page.getByText(en.unsupported.missing("WebAssembly"))).toBeVisible();
  for (const sentence of en.unsupported.todo) await expect(page.getByText(sentence)).toBeVisible();
});
