/** The ledger: what the policy thinks of an episode, token by token, when somebody asks. */
import { en } from "../../src/i18n/en";
import { expect, test } from "../pages/test";

test("right after it wrote, the policy holds each token as likely as when it was drawn", async ({ lab, page }) => {
  await lab.open({ preset: "smoke", "evaluation.every": 0 });
  await page.evaluate(() => window.lab.evaluate(1));
  const [episode] = await lab.episodes({ purpose: "evaluation" });
  const asked = await page.evaluate((id) => window.lab.ledger(id), episode.id);
  expect(asked.ok).toBe(true);
  const ledger = asked.ok ? asked.value : { step: -1, tokens: [] };
  expect(ledger.step).toBe(0);
  expect(ledger.tokens).toHaveLength(episode.ids.length - episode.promptLength);
  ledger.tokens.forEach(({ logprob, source, top }, place) => {
    const at = episode.promptLength + place;
    expect(source).toBe(episode.mask[at] === 1 ? "policy" : "interpreter");
    // The interpreter's tokens were not drawn, so nothing was written down of them.
    const recorded = episode.mask[at] === 1 ? episode.policyLogprobs[at] : logprob;
    expect(Math.abs(logprob - recorded)).toBeLessThan(1e-3);
    expect(top.map((other) => other.logprob)).toEqual(top.map((other) => other.logprob).sort((a, b) => b - a));
    expect(logprob).toBeLessThanOrEqual(top[0].logprob + 1e-5);
  });

  const gone = await page.evaluate(() => window.lab.ledger("nobody"));
  expect(gone).toMatchObject({ ok: false, fault: { code: "gone" } });
});

test("a reader asks on the page, also while the policy trains", async ({ lab, page }) => {
  await lab.open({ preset: "smoke", "evaluation.every": 0, steps: 1000 });
  await lab.press("start");
  await lab.reachesStep(1);
  await lab.goTo("episodes");
  await page.getByRole("list", { name: en.episodes.list }).getByRole("button").first().click();
  const region = page.getByRole("region", { name: en.ledger.title }).first();
  await region.getByRole("button", { name: en.ledger.ask }).click();
  await expect(region.getByRole("row").nth(2)).toBeVisible();
  await expect(region.getByRole("columnheader", { name: en.ledger.likeliest })).toBeVisible();
  await expect(region.getByRole("button", { name: en.ledger.again })).toBeEnabled();
  expect((await lab.snapshot()).state).toBe("running");
});
