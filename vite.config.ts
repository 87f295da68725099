import react from "@vitejs/plugin-react";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumArguments, findChromium } from "./e2e/scripts/chromium.mjs";
import { headers, isolationHeaders } from "./e2e/scripts/headers.mjs";

export default defineConfig({
  base: process.env["BASE"] ?? "/",
  plugins: [react()],
  assetsInclude: ["**/*.zip"],
  worker: { format: "es" },
  optimizeDeps: {
    exclude: ["pyodide"],
    // Named here so that no test meets them first and makes the server reload in its middle.
    include: [
      "@huggingface/tokenizers",
      "@lezer/highlight",
      "@lezer/python",
      "@tensorflow/tfjs-backend-cpu",
      "@tensorflow/tfjs-backend-wasm",
      "@tensorflow/tfjs-backend-webgpu",
      "@tensorflow/tfjs-core",
      "comlink",
      "pure-rand/generator/xoroshiro128plus",
      "react",
      "react-aria-components",
      "react-dom",
      "react-dom/client",
      "uplot",
      "zod",
    ],
  },
  build: { target: "esnext", assetsInlineLimit: 0, chunkSizeWarningLimit: 2000 },
  server: { headers: isolationHeaders },
  preview: { headers },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          include: ["src/**/*.test.ts", "e2e/**/*.test.ts"],
          exclude: ["**/*.browser.test.*"],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["src/**/*.browser.test.{ts,tsx}"],
          testTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: findChromium(), args: chromiumArguments } }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
