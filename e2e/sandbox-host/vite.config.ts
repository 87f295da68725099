/** Builds the sandbox's own page exactly as the lab's is built: the same plugins, workers and assets. */
import { fileURLToPath } from "node:url";
import { mergeConfig } from "vite";
import lab from "../../vite.config.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default mergeConfig(lab, {
  base: "/",
  build: {
    outDir: here("../.output/sandbox-host"),
    emptyOutDir: true,
    rolldownOptions: { input: here("./index.html") },
  },
});
