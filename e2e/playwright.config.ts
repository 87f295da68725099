import { defineConfig, devices } from "@playwright/test";
import { chromiumArguments, findChromium } from "./scripts/chromium.mjs";

/** One worker: every page trains a policy on all cores. Pages are served by the fixtures in pages/test.ts. */
export default defineConfig({
  testDir: "specs",
  outputDir: ".output/playwright",
  workers: 1,
  retries: 0,
  forbidOnly: process.env["CI"] !== undefined,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [["list"], ["json", { outputFile: ".output/reports/e2e.json" }]],
  use: {
    ...devices["Desktop Chrome"],
    actionTimeout: 60_000,
    locale: "en-US",
    viewport: { width: 1280, height: 720 },
    screenshot: "only-on-failure",
    launchOptions: { executablePath: findChromium(), args: chromiumArguments },
  },
});
