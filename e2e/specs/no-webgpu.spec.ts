/** A browser without WebGPU: asked for by force it is refused in a sentence, otherwise the lab runs without it. */
import { en } from "../../src/i18n/en";
import { expect, test } from "../pages/test";
import { findChromium } from "../scripts/chromium.mjs";

test.use({
  launchOptions: {
    executablePath: findChromium(),
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-features=WebGPU",
      "--disable-blink-features=WebGPU",
    ],
  },
});

test("WebGPU by force says that it is not there and what to choose", async ({ lab }) => {
  await lab.visit({ preset: "smoke", backend: "webgpu" });
  await expect(lab.fault).toContainText("WebGPU was asked for, but is not there");
  await expect(lab.fault).toContainText("Choose the backend auto or wasm");
});

test("left to choose, the lab runs on WebAssembly and says why", async ({ lab, page }) => {
  await lab.open({ preset: "smoke", "evaluation.every": 0 });
  await lab.oneStep();
  expect((await lab.snapshot()).info?.backend.name).toBe("wasm");
  await expect(page.getByText(/WebAssembly was chosen\./).first()).toBeVisible();
  await expect(lab.notices).toContainText(en.notices["no-webgpu"]);
});
