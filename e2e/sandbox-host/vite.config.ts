/**
 * Builds the sandbox's own page exactly as the lab's is built: the same plugins, workers and assets. Beside it lies
 * Pyodide as it was published, which the bench compares with.
 */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mergeConfig } from "vite";
import lab from "../../vite.config.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const out = here("../.output/sandbox-host");
const published = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"];

export default mergeConfig(lab, {
  base: "/",
  plugins: [
    {
      name: "published-pyodide",
      closeBundle() {
        mkdirSync(join(out, "pyodide"), { recursive: true });
        for (const file of published) cpSync(here(`../../node_modules/pyodide/${file}`), join(out, "pyodide", file));
      },
    },
  ],
  build: {
    outDir: out,
    emptyOutDir: true,
    rolldownOptions: { input: here("./index.html") },
  },
});
