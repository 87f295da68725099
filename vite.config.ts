import react from "@vitejs/plugin-react";
import { playwright } from "@vitest/browser-playwright";
import type { Rolldown } from "vite";
import { defineConfig } from "vitest/config";
import { assembly } from "./e2e/scripts/assembly.mjs";
import { chromiumArguments, findChromium } from "./e2e/scripts/chromium.mjs";
import { headers, isolationHeaders } from "./e2e/scripts/headers.mjs";
import { writeRevision } from "./e2e/scripts/revision.mjs";
import { pythonSnapshot } from "./src/sandbox/build/snapshot-plugin.mjs";

const bundling: Rolldown.RolldownOptions = {
  onLog(level, log, report) {
    // Pyodide can also run in Node; the page never reaches the parts of it that do.
    if (!log.message.includes("node_modules/pyodide/") && !log.id?.includes("node_modules/pyodide/"))
      report(level, log);
  },
};

/** What is not there as a file; the page and its workers are bundled apart. */
const built = () => [assembly(), pythonSnapshot()];

export default defineConfig({
  base: process.env["BASE"] ?? "/",
  plugins: [react(), writeRevision(), ...built()],
  assetsInclude: ["**/*.zip"],
  worker: { format: "es", rolldownOptions: bundling, plugins: built },
  optimizeDeps: {
    exclude: ["pyodide"],
    // Named here so that no test meets them first and makes the server reload in its middle.
    include: [
      "@huggingface/tokenizers",
      "@jax-js/jax",
      "@lezer/highlight",
      "@lezer/python",
      "@tensorflow/tfjs-backend-wasm",
      "@tensorflow/tfjs-backend-webgpu",
      "@tensorflow/tfjs",
      "comlink",
      "diff",
      "pure-rand/generator/xoroshiro128plus",
      "react",
      "react-aria-components",
      "react-dom",
      "react-dom/client",
      "uplot",
      "wgsl_reflect",
      "zod",
    ],
  },
  build: { target: "esnext", assetsInlineLimit: 0, chunkSizeWarningLimit: 2000, rolldownOptions: bundling },
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
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["src/**/*.browser.test.{ts,tsx}", "e2e/sandbox/*.browser.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
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
