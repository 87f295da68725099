/** The page itself: what it loads, what it is served with, and who can use it. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { en } from "../../src/i18n/en";
import { zh } from "../../src/i18n/zh";
import type { View } from "../pages/lab-page";
import { expect, test } from "../pages/test";

const tiny = { preset: "smoke", "evaluation.every": 0 };

async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary ?? ""}`),
  );
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);

test("is titled, isolated, and served with headers that keep everything here", async ({ lab, page, sites }) => {
  const response = await page.goto(sites.isolated);
  const headers = response?.headers() ?? {};
  expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
  expect(headers["cross-origin-embedder-policy"]).toBe("require-corp");
  const policy = headers["content-security-policy"].split("; ");
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("connect-src 'self' data: blob:");
  expect(policy.join(" ")).not.toMatch(/https?:|\*/);
  await expect(page).toHaveTitle(/ReTool Lab/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(en.name);
  expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(true);
  await lab.ready();
});

test("the policy of the headers stops a request to elsewhere", async ({ page, sites }) => {
  // A page of its own, so that the refusal is not taken for a fault of the lab.
  const other = await page.context().newPage();
  await other.goto(sites.isolated);
  // The browser itself says which rule it kept: without a network, a failed request alone would prove nothing.
  const refusal = await other.evaluate(async () => {
    const refused = new Promise<{ directive: string; address: string }>((done) => {
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
        done({ directive: effectiveDirective, address: blockedURI }),
      );
    });
    await fetch("https://example.com/").catch(() => undefined);
    return refused;
  });
  expect(refusal).toEqual({ directive: "connect-src", address: "https://example.com/" });
});

test("the headers of a Python worker's script let it reach nothing, even before its realm is locked", async ({
  lab,
  page,
}) => {
  const scripts: { url: string; policy: string | undefined }[] = [];
  page.on("response", (response) => {
    const policy = response.headers()["content-security-policy"];
    if (/python\.worker/.test(response.url())) scripts.push({ url: response.url(), policy });
  });
  await lab.open(tiny);
  expect(scripts.map(({ policy }) => policy)).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'");
  const started = page.waitForEvent("worker");
  await page.evaluate((url) => void new Worker(url, { type: "module" }), scripts[0].url);
  const outcomes = await (
    await started
  ).evaluate(() => {
    const elsewhere = "data:text/javascript,export default 7";
    const tried = [fetch("/"), import(elsewhere)];
    return Promise.allSettled(tried).then((results) => results.map(({ status }) => status));
  });
  expect(outcomes).toEqual(["rejected", "rejected"]);
});

for (const [language, words] of [
  ["en", en],
  ["zh", zh],
] as const) {
  for (const theme of ["light", "dark"] as const) {
    test(`axe finds nothing on any view, ${language}, ${theme}`, async ({ lab, page }) => {
      await lab.open({ ...tiny, lang: language, theme });
      expect(await findings(page)).toEqual([]);
      await page.evaluate(() => window.lab.step());
      await expect(page.getByRole("region", { name: words.charts.title })).toBeVisible();
      for (const view of [
        "lab",
        "episodes",
        "compare",
        "traces",
        "console",
        "bench",
      ] as const satisfies readonly View[]) {
        await page.getByRole("tab", { name: words.header[view], exact: true }).click();
        if (view === "episodes") {
          await page.getByRole("list", { name: words.episodes.list }).getByRole("button").first().click();
        }
        expect(await findings(page), view).toEqual([]);
      }
    });
  }
}

test("Start is reached and pressed by keyboard", async ({ lab, page }) => {
  await lab.open(tiny);
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? "");
  await expect
    .poll(
      async () => {
        await page.keyboard.press("Tab");
        return focused();
      },
      { intervals: [50] },
    )
    .toMatch(new RegExp(`${en.controls.start}$`));
  await page.keyboard.press("Enter");
  await lab.reaches("finished");
});

test("at 1280 x 720 the lab needs no scrolling of the page", async ({ lab, page }) => {
  await lab.open(tiny);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await lab.oneStep();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});

test("on a phone's screen start and pause stay in sight", async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await lab.open({ ...tiny, steps: 1000 });
  const shown = (name: string) =>
    page
      .getByRole("button", { name: new RegExp(`${name}$`) })
      .filter({ visible: true })
      .last();
  await expect(shown(en.controls.start)).toBeInViewport({ ratio: 1 });
  await shown(en.controls.start).click();
  await lab.reachesStep(1);
  const bottom = (): Promise<void> => page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await bottom();
  await expect(shown(en.controls.pause)).toBeInViewport({ ratio: 1 });
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);
  await shown(en.controls.pause).click();
  await lab.reaches("paused");
});

test("on any screen the views' names stand in at most two rows", async ({ lab, page }) => {
  await lab.open(tiny);
  const rows = (): Promise<number> =>
    page.getByRole("tab").evaluateAll((tabs) => new Set(tabs.map((tab) => tab.getBoundingClientRect().top)).size);
  const crowded: number[] = [];
  for (const width of [360, 390, 480, 540, 600, 640, 768, 900, 1024, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    if ((await rows()) > 2) crowded.push(width);
  }
  expect(crowded).toEqual([]);
});
