/**
 * Runs one of the scripts beside this file: `node e2e/scripts/run.mjs NAME ARGS`. They are TypeScript and import the
 * lab's own rooms, so Vite's module runner loads them, exactly as it loads the page. The runner stays open until the
 * script has ended, so that it may import more on its way.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { assembly } from "./assembly.mjs";
import { ensureInstalled, root } from "./project.mjs";

const scripts = readdirSync(join(root, "e2e", "scripts"))
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => name.replace(/\.ts$/, ""));

/** @param {unknown} module @returns {(argv: string[]) => Promise<number>} */
function mainOf(module) {
  const main = typeof module === "object" && module !== null && "main" in module ? module.main : undefined;
  if (typeof main !== "function") throw new Error("The script has no function main(argv).");
  return async (argv) => Number(await /** @type {(argv: string[]) => unknown} */ (main)(argv));
}

async function start() {
  const [name, ...argv] = process.argv.slice(2);
  if (!scripts.includes(name)) {
    console.error(`${name ?? "Nothing"} is not a script; the scripts are ${scripts.join(", ")}.`);
    return 2;
  }
  ensureInstalled((sentence) => console.error(sentence));
  const { createServer, isRunnableDevEnvironment } = await import("vite");
  const server = await createServer({
    root,
    configFile: false,
    plugins: [assembly()],
    envDir: false,
    appType: "custom",
    logLevel: "warn",
    assetsInclude: ["**/*.zip"],
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  });
  try {
    const { ssr } = server.environments;
    if (!isRunnableDevEnvironment(ssr)) throw new Error("Vite gave no environment that runs modules.");
    return await mainOf(await ssr.runner.import(join(root, "e2e", "scripts", `${name}.ts`)))(argv);
  } finally {
    await server.close();
  }
}

start().then(
  (status) => process.exit(status),
  (/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  },
);
