/**
 * npm run sympy: makes the Python that has SymPy and keeps it with the packages. The page holds it from its next build
 * on; whoever does not run this builds and loads nothing of it.
 */
import { statSync } from "node:fs";
import { ensureInstalled } from "./project.mjs";

/** @param {string} sentence */
const say = (sentence) => console.log(sentence);

async function start() {
  ensureInstalled(say);
  // Only now: an old Node cannot even load it, and is told so above.
  const { ensureSympy } = await import("../../src/sandbox/build/snapshots.mjs");
  for (const path of Object.values(await ensureSympy(say)))
    say(`${path}: ${(statSync(path).size / 1e6).toFixed(1)} MB`);
  say('SymPy is there. "npm start" builds it in; then set "SymPy" to on, in the settings or in the console.');
}

start().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
