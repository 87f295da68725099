/**
 * npm run cold-start: makes the checkpoint that a preset begins with. It opens the built page in a browser without a
 * window, has `window.lab` write, run and verify the traces and train on them, and keeps what comes of it.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { makeConfig } from "../../src/config/presets";
import { differingKeys, flatten } from "../../src/config/settings";
import type { TraceRecord } from "../../src/core/cold-start";
import { type Fault, FaultError } from "../../src/core/result";
import { ensureSympy } from "../../src/sandbox/build/snapshots.mjs";
import type { CheckpointFiles, ColdStartReport, LabInfo } from "../../src/session/api";
import { linesOfParquet, traceLines, traceParquet } from "../../src/storage/traces";
import { ensureChromium } from "./chromium.mjs";
import { coldStartHelp, type ColdStartOptions, readColdStartArguments } from "./experiment/cold-start-arguments";
import { ColdStartProgress } from "./experiment/cold-start-progress";
import { UsageError } from "./experiment/command-line";
import { type LabPage, openLabPage, take } from "./experiment/lab-page";
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

/** Asked for in one message. */
const tracesAtOnce = 512;

/** All traces of the configuration, those that were dropped among them. */
async function allTraces(page: LabPage, count: number, progress: ColdStartProgress): Promise<TraceRecord[]> {
  const records: TraceRecord[] = [];
  while (records.length < count) {
    records.push(...take(await page.traces(records.length, Math.min(tracesAtOnce, count - records.length))));
    progress.handle({ type: "progress", task: "cold-start-data", done: records.length, total: count });
  }
  return records;
}

/** The text of a file of traces as JSON lines. Throws a UsageError where it cannot be read. */
async function readTraces(file: string): Promise<string> {
  try {
    const bytes = readFileSync(file);
    return file.endsWith(".parquet") ? await linesOfParquet(new Uint8Array(bytes).buffer) : bytes.toString("utf8");
  } catch (error) {
    throw new UsageError(`--traces ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Does `work` with the lab's page. Throws a FaultError where the lab, the page or the browser fails. */
async function withLab<T>(
  options: ColdStartOptions,
  executable: string,
  progress: ColdStartProgress,
  work: (page: LabPage, unlessBroken: <V>(call: Promise<V>) => Promise<V>) => Promise<T>,
): Promise<T> {
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
    // An earlier checkpoint need not fit a tokenizer that was made anew beside it.
    { ...options.config, start: "random" },
  );
  try {
    return await work(page, (call) => Promise.race([call, broken]));
  } finally {
    ended = true;
    await page.close();
    await server.close();
  }
}

function make(options: ColdStartOptions, executable: string, progress: ColdStartProgress): Promise<ColdStart> {
  return withLab(options, executable, progress, async (page, unlessBroken) => {
    const info = take(await page.opened());
    const { traces } = options;
    if (traces !== null) {
      const own = take(await unlessBroken(page.loadTraces(basename(traces), await readTraces(traces))));
      for (const { line, why } of own.dropped) progress.say(`${traces}, line ${line} was dropped: ${why}.`);
    }
    const report = take(await unlessBroken(page.coldStart()));
    const files = take(await unlessBroken(page.checkpoint()));
    return { info, report, files };
  });
}

/** Writes the factory's traces to `file`, and says how many stand. */
async function exportTraces(
  file: string,
  options: ColdStartOptions,
  executable: string,
  progress: ColdStartProgress,
): Promise<string> {
  const records = await withLab(options, executable, progress, async (page, unlessBroken) => {
    take(await page.opened());
    return unlessBroken(allTraces(page, options.config.coldStart.traces, progress));
  });
  writeFileSync(file, file.endsWith(".parquet") ? new Uint8Array(await traceParquet(records)) : traceLines(records));
  const standing = records.filter(({ dropped }) => dropped === null).length;
  return `${standing} of ${records.length} traces stand; written to ${file}.`;
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
    traces: { source: report.source, learned: report.traces, ...report.counts },
    coldStart: config.coldStart,
    steps: report.steps,
    epochs: report.epochs,
    finalLoss: report.finalLoss,
    heldOutLoss: report.heldOutLoss,
    evaluation: { set: "MiniAIME-24", ...config.evaluation, ...report.evaluation.values },
    sha256: { "model.safetensors": createHash("sha256").update(files["model.safetensors"]).digest("hex") },
  };
}

function save(folder: string, files: CheckpointFiles, description: Record<string, unknown>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, "cold-start.json"), `${JSON.stringify(description, null, 2)}\n`);
}

const counted = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ") || "none";

function summary({ report }: ColdStart, out: string): string {
  const { traces, counts, steps, epochs, finalLoss, heldOutLoss, evaluation } = report;
  const { accuracy, evaluationCodeRatio, evaluationFormatRate } = evaluation.values;
  const share = (value: number | undefined): string => (value === undefined ? "not measured" : value.toFixed(3));
  return [
    `Traces learned from: ${traces} (${counted(counts.kept)}); dropped: ${counted(counts.dropped)}.`,
    `Steps: ${steps}, ${epochs.toFixed(1)} epochs.`,
    `Loss, nats a token: ${finalLoss.toFixed(4)} in the last step, ${heldOutLoss?.toFixed(4) ?? "not measured"} held out.`,
    `MiniAIME-24: accuracy ${share(accuracy)}, code ratio ${share(evaluationCodeRatio)}, format rate ${share(evaluationFormatRate)}.`,
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
    if (options.exportTo === null) checkOut(options.out);
    if (options.build && options.config.sandbox.sympy === "on") await ensureSympy(console.error);
    if (options.build) ensureBuilt(console.error);
    const chromium = ensureChromium(console.error);
    const progress = new ColdStartProgress(terminal);
    if (options.exportTo !== null) {
      progress.say(await exportTraces(options.exportTo, options, chromium.file, progress));
      return 0;
    }
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
