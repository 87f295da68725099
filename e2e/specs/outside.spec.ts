/** An outside model: off by default, and otherwise reached at the one address that the lab was started with. */
import { createServer, type Server } from "node:http";
import type { Browser } from "@playwright/test";
import { en } from "../../src/i18n/en";
import { LabPage } from "../pages/lab-page";
import { expect, test } from "../pages/test";
import { headersForEndpoint } from "../scripts/headers.mjs";
import { dist } from "../scripts/project.mjs";
import { serve } from "../scripts/server.mjs";

const words = en.compare;

/** A model that always says 12; it says nothing to another key. */
async function model(): Promise<{ endpoint: string; keys: string[]; close: () => void }> {
  const keys: string[] = [];
  const server: Server = createServer((request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "authorization, content-type");
    if (request.method === "OPTIONS") {
      response.end();
      return;
    }
    const key = request.headers.authorization ?? "";
    keys.push(key);
    response.statusCode = key === "Bearer the-right-key" ? 200 : 401;
    response.end(JSON.stringify({ choices: [{ message: { content: "<answer>\n\\boxed{12}\n</answer>" } }] }));
  });
  await new Promise<void>((listening) => server.listen(0, "localhost", listening));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return { endpoint: `http://localhost:${port}/v1`, keys, close: () => server.close() };
}

async function openWith(endpoint: string, browser: Browser) {
  const site = await serve({
    root: dist,
    headersFor: headersForEndpoint(endpoint),
    told: { "outside.json": { endpoint } },
  });
  const page = await browser.newPage();
  const lab = new LabPage(page, `${site.url}/`);
  await lab.open({ preset: "smoke", view: "compare" });
  return { page, lab, site };
}

test("without an address the page says how to give one, and asks for nothing", async ({ lab, page }) => {
  await lab.open({ preset: "smoke", view: "compare" });
  await expect(page.getByText(words.outsideCommand)).toBeVisible();
  await expect(page.getByRole("button", { name: words.outsideAsk })).toHaveCount(0);
});

test("with one, the page says where the problems go, asks, scores, and forgets the key", async ({ browser }) => {
  const { endpoint, keys, close } = await model();
  const { page, lab, site } = await openWith(endpoint, browser);
  await expect(page.getByText(words.outsideLeaves(new URL(endpoint).host))).toBeVisible();
  const ask = page.getByRole("button", { name: words.outsideAsk });
  await expect(ask).toBeDisabled();
  await page.getByLabel(words.outsideModel, { exact: true }).fill("big");
  await page.getByLabel(words.outsideKey, { exact: true }).fill("wrong");
  await ask.click();
  await expect(lab.fault).toContainText("does not accept the key (401)");
  await page.getByLabel(words.outsideKey, { exact: true }).fill("the-right-key");
  await ask.click();
  await expect(page.getByText(/^big: accuracy .* on 30 problems of MiniAIME-24, 30 answers in all\.$/)).toBeVisible();
  expect(keys.filter((key) => key === "Bearer the-right-key")).toHaveLength(30);
  await lab.goTo("lab");
  await lab.oneStep();
  await lab.goTo("compare");
  // Its score stands in the table, below the run's.
  await expect(page.getByRole("region", { name: words.table }).getByRole("rowheader")).toHaveText([
    /, seed/,
    words.outsideRow("big", 30),
  ]);
  const kept = await page.evaluate(async () => {
    const snapshot = JSON.stringify(await window.lab.snapshot());
    return [window.location.href, snapshot, JSON.stringify(localStorage), JSON.stringify(sessionStorage)].join();
  });
  expect(kept).not.toMatch(/the-right-key|Bearer/);
  const policy = (await page.reload())?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain(`connect-src 'self' ${new URL(endpoint).origin} `);
  await page.close();
  await site.close();
  close();
});
