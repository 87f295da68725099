/**
 * `npm run golden -- FILE [--backend cpu|wasm|webgpu]`: compares with PyTorch's numbers and prints the largest error of
 * each quantity: of a policy (FILE.safetensors), or of the algorithms' advantages and losses (FILE.json). cpu runs in
 * Node; wasm and webgpu run in a headless Chromium, as the lab does.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { createServer } from "vite";
import type { BackendInfo } from "../../src/core/events";
import { faultOf } from "../../src/core/result";
import type { GoldenReport } from "../../src/policy/golden";
import { backendNames, chooseBackend } from "../../src/tensor/device";
import type { BrowserOutcome } from "../golden/check";
import { compare } from "../golden/compare";
import { assembly } from "./assembly.mjs";
import { chromiumArguments, findChromium } from "./chromium.mjs";

const usage = `Usage: npm run golden -- FILE [--backend ${backendNames.join("|")}]

Compares with numbers that PyTorch computed.
  FILE.safetensors  a policy: its weights and inputs; what it expects is in FILE.json beside it
  FILE.json         the algorithms: rewards, masks, log-probabilities, and the advantages and losses expected of them,
                    in the form of e2e/golden/objectives.json
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
  /** Null where only a JSON file was given. */
  weightsFile: string | null;
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
  if (!/\.(safetensors|json)$/.test(file)) return `${file} ends neither in .safetensors nor in .json.`;
  const jsonFile = file.replace(/\.safetensors$/, ".json");
  for (const needed of [file, jsonFile]) if (!existsSync(needed)) return `There is no file ${needed}.`;
  return { weightsFile: file === jsonFile ? null : file, jsonFile, backend };
}

async function runHere({ weightsFile, jsonFile, backend }: Arguments): Promise<Outcome> {
  const chosen = await chooseBackend(backend);
  const json: unknown = JSON.parse(readFileSync(jsonFile, "utf8"));
  const weights = weightsFile === null ? null : readFileSync(weightsFile);
  return { backend: chosen.info, report: await compare(chosen, weights, json) };
}

async function runInBrowser({ weightsFile, jsonFile, backend }: Arguments): Promise<Outcome> {
  const root = join(import.meta.dirname, "..", "..");
  const server = await createServer({
    root,
    configFile: false,
    plugins: [assembly()],
    logLevel: "error",
    appType: "mpa",
    // A cache of its own, and everything known beforehand: a dependency found late would reload the page.
    cacheDir: "node_modules/.vite/golden",
    optimizeDeps: {
      entries: ["e2e/golden/check.html"],
      include: [
        "@tensorflow/tfjs",
        "@tensorflow/tfjs-backend-wasm",
        "@tensorflow/tfjs-backend-webgpu",
        "fast-check",
        "pure-rand/generator/xoroshiro128plus",
        "zod",
      ],
    },
    server: { host: "127.0.0.1", port: 0, hmr: false, ws: false, watch: null },
  });
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArguments });
  try {
    await server.listen();
    const address = server.resolvedUrls?.local[0];
    if (!address) throw new Error("The local server did not start.");
    const page = await browser.newPage();
    await page.route("**/golden.safetensors", (route) =>
      route.fulfill(weightsFile === null ? { status: 404 } : { path: weightsFile }),
    );
    await page.route("**/golden.json", (route) => route.fulfill({ path: jsonFile }));
    // A page that cannot be built leaves no outcome, ever.
    const broken = new Promise<never>((_, reject) => {
      page.on("pageerror", reject);
      page.on("response", (response) => {
        if (response.status() >= 500) reject(new Error(`The page could not load ${response.url()}.`));
      });
    });
    broken.catch(() => undefined); // it may come before anyone waits for it
    await page.goto(`${address}e2e/golden/check.html?backend=${backend}`);
    const left = page.waitForFunction(() => globalThis.goldenOutcome, undefined, { timeout: browserMinutes * 60_000 });
    const outcome: BrowserOutcome | undefined = await (await Promise.race([left, broken])).jsonValue();
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
