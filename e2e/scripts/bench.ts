/**
 * npm run bench: engines side by side, from the terminal. It opens the built page in a browser without a window and
 * drives `window.bench`, as the Bench view does.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "@playwright/test";
import type { Doing } from "../../src/bench/measure";
import type { BenchReport } from "../../src/bench/report";
import { buildKit } from "./bench/kit";
import { reportText } from "./bench/text";
import { benchPage, benchPicture, type BenchMachine } from "./bench/page";
import { benchHelp, type BenchOptions, readBenchArguments } from "./bench/arguments";
import { chromiumArguments, ensureChromium, hardwareArguments } from "./chromium.mjs";
import { UsageError } from "./experiment/command-line";
import { bar, StatusLine, terminal } from "./experiment/progress";
import { commandOf, versionsWith } from "./experiment/provenance";
import { dist, ensureBuilt } from "./project.mjs";
import { serve } from "./server.mjs";

declare global {
  interface Window {
    benchProgress?: (doing: Doing) => Promise<void>;
    benchReport?: (report: BenchReport) => Promise<void>;
  }
}

async function measureInBrowser({ plan, adapter }: BenchOptions, executable: string): Promise<BenchReport> {
  const line = new StatusLine(terminal);
  const server = await serve({ root: dist });
  const browser = await chromium.launch({
    executablePath: executable,
    args: [
      ...(adapter === "hardware" ? hardwareArguments : chromiumArguments),
      "--enable-precise-memory-info",
      "--js-flags=--expose-gc",
    ],
  });
  try {
    const page = await browser.newPage();
    page.on("crash", () => line.say("The page ran out of memory or crashed."));
    let last = "";
    await page.exposeFunction("benchProgress", ({ backend, size, phase, done, total }: Doing) => {
      const what = `${backend} ${size} ${phase}`;
      if (terminal.isTerminal) line.draw(`${bar(done, total)} ${what} ${done} of ${total}`);
      else if (what !== last) line.say(what);
      last = what;
    });
    await page.exposeFunction("benchReport", (report: BenchReport) => line.say(`\n${reportText(report)}\n`));
    await page.goto(`${server.url}/?view=bench&backend=wasm`);
    await page.waitForFunction(() => "bench" in window);
    // The page opens the lab as well, on the cheapest backend; nothing is timed before it has come to rest.
    await page.waitForFunction(async () => !["empty", "loading"].includes((await window.lab.snapshot()).state));
    return await page.evaluate(
      (wanted) =>
        window.bench.measure(
          wanted,
          (doing) => void window.benchProgress?.(doing),
          (report) => void window.benchReport?.(report),
        ),
      plan,
    );
  } finally {
    await browser.close();
    await server.close();
  }
}

async function bench(options: BenchOptions, argv: readonly string[]): Promise<void> {
  const chromium = ensureChromium(console.error);
  if (options.build) ensureBuilt(console.error);
  const began = loadavg()[0];
  const report = await measureInBrowser(options, chromium.file);
  const machine: BenchMachine = {
    command: commandOf("bench", argv),
    versions: versionsWith(chromium.version),
    processors: cpus().length,
    load: { before: began, after: loadavg()[0] },
  };
  console.log(`\n${reportText(report)}`);
  if (options.out === null) return;
  const out = resolve(options.out);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "bench.json"), `${JSON.stringify({ ...machine, report }, null, 1)}\n`);
  writeFileSync(join(out, "bench.html"), benchPage(machine, report));
  writeFileSync(join(out, "bench.svg"), benchPicture(report));
  console.log(`\nKept in ${options.out}: bench.json, bench.html, bench.svg.`);
}

/** Exit status: 0 measured, 1 something went wrong, 2 a command line that cannot be run. */
export async function main(argv: string[]): Promise<number> {
  try {
    const options = readBenchArguments(argv);
    if (options === "help") {
      console.log(benchHelp());
      return 0;
    }
    if (options.kit === null) await bench(options, argv);
    else await buildKit(options.kit);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\nnpm run bench -- --help explains every flag.`);
    return 2;
  }
}
