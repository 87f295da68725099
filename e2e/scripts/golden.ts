/**
 * `npm run golden -- FILE.safetensors [--backend cpu|wasm|webgpu]`: compares the policy with PyTorch's numbers and prints
 * the largest error of each quantity. cpu runs in Node; wasm and webgpu run in a headless Chromium, as the lab does.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { createServer } from "vite";
import type { BackendInfo } from "../../src/core/events";
import { faultOf } from "../../src/core/result";
import { checkGolden, type GoldenReport } from "../../src/policy/golden";
import { backendNames, chooseBackend } from "../../src/tensor/device";
import type { BrowserOutcome } from "../golden/check";
import { chromiumArguments, findChromium } from "./chromium.mjs";

const usage = `Usage: npm run golden -- FILE.safetensors [--backend ${backendNames.join("|")}]

Compares the policy with a golden file: FILE.safetensors, and FILE.json beside it.
  --backend  what computes: cpu (default; in Node), or wasm or webgpu (in a headless Chromium)
  --help     this text

Exit status: 0 where everything is within its tolerance, 1 where not, 2 where the command was not understood.`;

/** Long enough for a software GPU, which is slow. */
const browserMinutes = 20;

interface Outcome {
  backend: BackendInfo;
  report: GoldenReport;
}

interface Arguments {
  file: string;
  jsonFile: string;
  backend: BackendInfo["name"];
}

/** The arguments, or a sentence that says what is wrong with them. */
function understand(argv: string[]): Arguments | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { backend: { type: "string", default: "cpu" } },
    });
  } catch (error) {
    const why = error instanceof Error ? error.message.split(". ")[0] : String(error);
    return `${why}. The only flags are --backend and --help.`;
  }
  const { positionals, values } = parsed;
  const backend = backendNames.find((name) => name === values.backend);
  if (!backend)
    return `There is no backend ${values.backend}; the backends are ${[...backendNames].reverse().join(", ")}.`;
  if (positionals.length !== 1) return `Give one golden file, not ${positionals.length}.`;
  const [file] = positionals;
  if (!file.endsWith(".safetensors")) return `${file} does not end in .safetensors.`;
  const jsonFile = file.replace(/\.safetensors$/, ".json");
  for (const needed of [file, jsonFile]) if (!existsSync(needed)) return `There is no file ${needed}.`;
  return { file, jsonFile, backend };
}

async function runHere({ file, jsonFile, backend }: Arguments): Promise<Outcome> {
  const chosen = await chooseBackend(backend);
  const json: unknown = JSON.parse(readFileSync(jsonFile, "utf8"));
  return { backend: chosen.info, report: await checkGolden(chosen, readFileSync(file), json) };
}

async function runInBrowser({ file, jsonFile, backend }: Arguments): Promise<Outcome> {
  const root = join(import.meta.dirname, "..", "..");
  const server = await createServer({
    root,
    configFile: false,
    logLevel: "error",
    appType: "mpa",
    // A cache of its own, and everything known beforehand: a dependency found late would reload the page.
    cacheDir: "node_modules/.vite/golden",
    optimizeDeps: {
      entries: ["e2e/golden/check.html"],
      include: ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm", "@tensorflow/tfjs-backend-webgpu"],
    },
    server: { host: "127.0.0.1", port: 0, hmr: false, ws: false, watch: null },
  });
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArguments });
  try {
    await server.listen();
    const address = server.resolvedUrls?.local[0];
    if (!address) throw new Error("The local server did not start.");
    const page = await browser.newPage();
    await page.route("**/golden.safetensors", (route) => route.fulfill({ path: file }));
    await page.route("**/golden.json", (route) => route.fulfill({ path: jsonFile }));
    page.on("pageerror", (error) => console.error(error.message));
    await page.goto(`${address}e2e/golden/check.html?backend=${backend}`);
    const handle = await page.waitForFunction(() => globalThis.goldenOutcome, undefined, {
      timeout: browserMinutes * 60_000,
    });
    const outcome: BrowserOutcome | undefined = await handle.jsonValue();
    const { backend: info, report, fault } = outcome ?? {};
    if (!info || !report) throw new Error(fault ?? "The page gave no report.");
    return { backend: info, report };
  } finally {
    await browser.close();
    await server.close();
  }
}

function print({ backend, report }: Outcome): void {
  console.log(`${backend.name} (${backend.adapter}, ${backend.threads} thread)`);
  console.log(`${"quantity".padEnd(36)}${"largest error".padStart(14)}${"tolerance".padStart(12)}`);
  for (const { name, error, tolerance, passed, detail } of report.quantities) {
    const numbers = `${error.toExponential(2).padStart(14)}${tolerance.toExponential(0).padStart(12)}`;
    console.log(`${name.padEnd(36)}${numbers}  ${passed ? "PASS" : "FAIL"}  ${detail}`);
  }
  const failed = report.quantities.filter(({ passed }) => !passed).length;
  console.log(failed === 0 ? "PASS: everything is within its tolerance." : `FAIL: ${failed} past the tolerance.`);
}

/** Returns the exit status. */
export async function main(argv: string[]): Promise<number> {
  if (argv.includes("--help")) {
    console.log(usage);
    return 0;
  }
  const understood = understand(argv);
  if (typeof understood === "string") {
    console.error(`${understood}\n\n${usage}`);
    return 2;
  }
  try {
    const outcome = await (understood.backend === "cpu" ? runHere(understood) : runInBrowser(understood));
    print(outcome);
    return outcome.report.passed ? 0 : 1;
  } catch (error) {
    const { message, hint } = faultOf(error, "checkpoint");
    console.error(`${message} ${hint}`);
    return 1;
  }
}
