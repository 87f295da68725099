/**
 * npm run cold-start: makes the checkpoint that a preset begins with. It opens the built page in a browser without a
 * window, has `window.lab` write, run and verify the traces and train on them, and keeps what comes of it.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeConfig } from "../../src/config/presets";
import { differingKeys, flatten } from "../../src/config/settings";
import { type Fault, FaultError } from "../../src/core/result";
import { ensureSympy } from "../../src/sandbox/build/snapshots.mjs";
import type { CheckpointFiles, ColdStartReport, LabInfo } from "../../src/session/api";
import { ensureChromium } from "./chromium.mjs";
import { coldStartHelp, type ColdStartOptions, readColdStartArguments } from "./experiment/cold-start-arguments";
import { ColdStartProgress } from "./experiment/cold-start-progress";
import { UsageError } from "./experiment/command-line";
import { openLabPage, take } from "./experiment/lab-page";
import { terminal } from "./experiment/progress";
import { commandOf, versionsWith } from "./experiment/provenance";
import { dist, ensureBuilt } from "./project.mjs";
import { serve } from "./server.mjs";

const fileNames = ["config.json", "model.safetensors", "tokenizer.json", "cold-start.json"];

/** Only an earlier cold start is replaced, never anything else. */
function checkOut(folder: string): void {
  const others = existsSync(folder) ? readdirSync(folder).filter((name) => !fileNames.includes(name)) : [];
  if (others.length > 0)
    throw new UsageError(`--out ${folder} holds ${others.join(", ")}, which is no cold start; name another folder.`);
}

interface ColdStart {
  info: LabInfo;
  report: ColdStartReport;
  files: CheckpointFiles;
}

/** Throws a FaultError where the lab, the page or the browser fails. */
async function make(options: ColdStartOptions, executable: string, progress: ColdStartProgress): Promise<ColdStart> {
  const server = await serve({ root: dist });
  let breakOff: (reason: FaultError) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => (breakOff = reject));
  broken.catch(() => undefined); // It may break when nobody waits any more.
  let ended = false;
  const onBreak = (fault: Fault): void => {
    if (!ended) breakOff(new FaultError(fault));
  };
  const page = await openLabPage(
    {
      url: `${server.url}/`,
      executable,
      adapter: options.adapter,
      onEvents: (events) => events.forEach((event) => progress.handle(event)),
      onBreak,
    },
    options.config,
  );
  try {
    const info = take(await page.opened());
    const report = take(await Promise.race([page.coldStart(), broken]));
    const files = take(await Promise.race([page.checkpoint(), broken]));
    return { info, report, files };
  } finally {
    ended = true;
    await page.close();
    await server.close();
  }
}

/** What was made, how, and how good it is: enough to make it again. */
function describe(
  { info, report, files }: ColdStart,
  { config }: ColdStartOptions,
  argv: readonly string[],
  chromium: string,
): Record<string, unknown> {
  const values = flatten(config);
  const differing = differingKeys(config, makeConfig(config.preset)).map((key) => [key, values[key]] as const);
  return {
    version: 1,
    command: commandOf("cold-start", argv),
    preset: config.preset,
    seed: config.seed,
    settings: Object.fromEntries(differing),
    versions: versionsWith(chromium),
    backend: info.backend,
    parameters: info.parameters,
    traces: { kept: report.traces, dropped: report.dropped },
    coldStart: config.coldStart,
    finalLoss: report.finalLoss,
    evaluation: { set: "MiniAIME-24", ...config.evaluation, ...report.evaluation.values },
    sha256: { "model.safetensors": createHash("sha256").update(files["model.safetensors"]).digest("hex") },
  };
}

function save(folder: string, files: CheckpointFiles, description: Record<string, unknown>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, "cold-start.json"), `${JSON.stringify(description, null, 2)}\n`);
}

function summary({ report }: ColdStart, out: string): string {
  const { traces, dropped, finalLoss, evaluation } = report;
  const reasons = Object.entries(dropped).map(([reason, count]) => `${count} ${reason}`);
  const { accuracy, evaluationCodeRatio } = evaluation.values;
  const share = (value: number | undefined): string => (value === undefined ? "not measured" : value.toFixed(3));
  return [
    `Traces kept: ${traces}; dropped: ${reasons.length > 0 ? reasons.join(", ") : "none"}.`,
    `Final loss: ${finalLoss.toFixed(4)} nats a token.`,
    `MiniAIME-24: accuracy ${share(accuracy)}, code ratio ${share(evaluationCodeRatio)}.`,
    `Written to ${out}.`,
  ].join("\n");
}

/** Exit status: 0 made, 1 failed, 2 a command line that cannot be run. */
export async function main(argv: string[]): Promise<number> {
  try {
    const options = readColdStartArguments(argv);
    if (options === "help") {
      console.log(coldStartHelp());
      return 0;
    }
    checkOut(options.out);
    if (options.build && options.config.sandbox.sympy === "on") await ensureSympy(console.error);
    if (options.build) ensureBuilt(console.error);
    const chromium = ensureChromium(console.error);
    const progress = new ColdStartProgress(terminal);
    const made = await make(options, chromium.file, progress);
    save(resolve(options.out), made.files, describe(made, options, argv, chromium.version));
    progress.say(summary(made, options.out));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\nnpm run cold-start -- --help explains every flag.`);
      return 2;
    }
    if (!(error instanceof FaultError)) throw error;
    console.error(`\nThe cold start failed: ${error.fault.message} ${error.fault.hint}`);
    return 1;
  }
}
