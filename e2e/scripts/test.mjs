/**
 * npm test: everything that has to hold, on a machine with nothing but Node. Each stage runs even if one before it
 * failed, so that one run shows the whole picture; the last line counts it: "N passed, N failed".
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureChromium } from "./chromium.mjs";
import { binary, ensureInstalled, root, run } from "./project.mjs";

/**
 * @typedef {{ passed: number, failed: number }} Count
 * @typedef {{ title: string, tool: string, args: string[], count?: (report: unknown, status: number) => Count }} Stage
 */

const reports = join(root, "e2e", ".output", "reports");

/**
 * A failed exit without a failed test (a file that does not load, an error between tests) still counts as a failure.
 * @param {number} passed @param {number} failed @param {number} status @returns {Count}
 */
const honest = (passed, failed, status) => ({ passed, failed: status !== 0 && failed === 0 ? 1 : failed });

/** @param {unknown} report @param {number} status */
function countVitest(report, status) {
  const { numPassedTests, numFailedTests, testResults } =
    /** @type {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} */ (
      report
    );
  const unloaded = testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  );
  return honest(numPassedTests, numFailedTests + unloaded.length, status);
}

/** @param {unknown} report @param {number} status */
function countPlaywright(report, status) {
  const { stats, errors } =
    /** @type {{ stats: { expected: number, unexpected: number, flaky: number }, errors: unknown[] }} */ (report);
  return honest(stats.expected, stats.unexpected + stats.flaky + errors.length, status);
}

/** @param {string} name */
const reportOf = (name) => join(reports, `${name}.json`);

/** @param {"node" | "browser"} project */
const vitest = (project) => [
  "run",
  `--project=${project}`,
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${reportOf(project === "node" ? "unit" : project)}`,
];

/** @type {Record<string, Stage>} */
const stages = {
  format: { title: "Format (prettier)", tool: "prettier", args: ["--check", ".", "--log-level", "warn"] },
  lint: { title: "Lint (oxlint, type-aware)", tool: "oxlint", args: ["--type-aware", "--max-warnings", "0"] },
  types: { title: "Types (tsc)", tool: "tsc", args: ["--noEmit"] },
  unused: { title: "Unused code (knip)", tool: "knip", args: [] },
  unit: { title: "Unit tests in Node (vitest)", tool: "vitest", args: vitest("node"), count: countVitest },
  browser: { title: "Unit tests in Chromium (vitest)", tool: "vitest", args: vitest("browser"), count: countVitest },
  build: { title: "Build (vite)", tool: "vite", args: ["build", "--logLevel", "warn"] },
  e2e: {
    title: "The page from end to end (playwright)",
    tool: "playwright",
    args: ["test", "--config", "e2e/playwright.config.ts", "--reporter=list,json"],
    count: countPlaywright,
  },
};

const usage = `npm test -- [--only STAGE[,STAGE ...]]

  --only    run only these stages: ${Object.keys(stages).join(", ")}
  --help    this text`;

/** @returns {string[]} the stages to run, in their order; [] for help */
function chosen() {
  const { values } = parseArgs({
    options: { only: { type: "string", multiple: true }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) return [];
  if (values.only === undefined) return Object.keys(stages);
  const only = values.only.flatMap((names) => names.split(","));
  const unknown = only.filter((name) => !Object.hasOwn(stages, name));
  if (unknown.length > 0)
    throw new TypeError(`${unknown.join(", ")} is not a stage; the stages are ${Object.keys(stages).join(", ")}.`);
  return Object.keys(stages).filter((name) => only.includes(name));
}

/** @param {string} name @param {string} chromium @returns {Count & { seconds: number }} */
function runStage(name, chromium) {
  const { title, tool, args, count } = stages[name];
  console.log(`\n== ${title}`);
  const began = performance.now();
  const report = reportOf(name);
  rmSync(report, { force: true });
  const env = { CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report, PLAYWRIGHT_FORCE_TTY: "0" };
  const status = run(process.execPath, [binary(tool), ...args], { env });
  /** @type {Count} */
  let result = status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  if (count !== undefined) {
    try {
      result = count(JSON.parse(readFileSync(report, "utf8")), status);
    } catch {
      console.error(`${tool} left no report of its tests; that counts as one failure.`);
      result = { passed: 0, failed: 1 };
    }
  }
  const seconds = (performance.now() - began) / 1000;
  console.log(`== ${name}: ${result.passed} passed, ${result.failed} failed, ${seconds.toFixed(1)} s`);
  return { ...result, seconds };
}

function start() {
  const names = chosen();
  if (names.length === 0) {
    console.log(usage);
    return 0;
  }
  ensureInstalled((sentence) => console.log(sentence));
  const chromium = ensureChromium((sentence) => console.log(sentence));
  console.log(`Node ${process.versions.node}; ${chromium.version}, ${chromium.file}`);
  mkdirSync(reports, { recursive: true });
  const results = names.map((name) => ({ name, ...runStage(name, chromium.file) }));
  console.log("");
  for (const { name, passed, failed, seconds } of results) {
    const cells = [String(passed).padStart(6), String(failed).padStart(4), seconds.toFixed(1).padStart(7)];
    console.log(`${name.padEnd(8)} ${cells[0]} passed ${cells[1]} failed ${cells[2]} s`);
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = start();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (error instanceof TypeError) console.error(`\n${usage}`);
  console.log("0 passed, 1 failed");
  process.exitCode = 2;
}
