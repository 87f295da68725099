/** One run of the lab, driven in a browser without a window and written down as it goes. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { LabEvent } from "../../../src/core/events";
import { faultOf, FaultError, type Fault } from "../../../src/core/result";
import type { CheckpointFiles, LabInfo } from "../../../src/session/api";
import type { RunRecord } from "../../../src/storage/run-record";
import { parseOwnSet } from "../../../src/tasks/own-set";
import { ensureChromium } from "../chromium.mjs";
import { dist } from "../project.mjs";
import { serve } from "../server.mjs";
import type { ExperimentOptions } from "./arguments";
import { UsageError } from "./command-line";
import { type LabPage, openLabPage, take } from "./lab-page";
import { onStop } from "./on-stop";
import { Progress, terminal } from "./progress";
import { versionsWith } from "./provenance";
import { Recorder } from "./recorder";

const time = (): string => new Date().toISOString();

const checkpointNames = ["config.json", "model.safetensors", "tokenizer.json"];

/** Throws a UsageError where the folder is not a checkpoint. */
export function readCheckpoint(folder: string): CheckpointFiles {
  const missing = checkpointNames.filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0)
    throw new UsageError(`--checkpoint ${folder} has no ${missing.join(", no ")}; name a folder that holds all three.`);
  return Object.fromEntries(checkpointNames.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
}

/** Throws a UsageError where there is no such file, or a line of it is no problem. */
export function readBenchmark(file: string): string {
  if (!existsSync(file)) throw new UsageError(`--benchmark ${file} is not there; name a file of JSON Lines.`);
  const text = readFileSync(file, "utf8");
  try {
    parseOwnSet(text);
  } catch (error) {
    throw new UsageError(`--benchmark ${file}: ${faultOf(error, "config").message}`);
  }
  return text;
}

function newRecord({ config }: ExperimentOptions, command: string, chromium: string): RunRecord {
  const start = { time: time(), step: 0, episodes: 0 };
  return {
    version: 1,
    command,
    outcome: "running",
    fault: null,
    config,
    versions: versionsWith(chromium),
    backend: null,
    isolated: false,
    parameters: 0,
    checkpoint: "",
    start,
    end: start,
  };
}

/** What ends a run from outside: Ctrl-C once lets the step end, twice does not. */
interface Stop {
  /** Rejects with a FaultError when the run must end at once. */
  now: Promise<never>;
  end: (fault: Fault) => void;
  stopped: () => boolean;
}

function makeStop(pause: () => void, say: (sentence: string) => void): Stop & { release: () => void } {
  let count = 0;
  let end: (fault: Fault) => void = () => undefined;
  const now = new Promise<never>((_, reject) => {
    end = (fault) => reject(new FaultError(fault));
  });
  now.catch(() => undefined); // It may end when nobody waits for it any more.
  const release = onStop(() => {
    count += 1;
    if (count === 1) {
      say("Stopping after the step under way; press Ctrl-C again to stop at once.");
      pause();
    } else {
      end({ at: "policy", code: "stopped", message: "The run was stopped at once.", hint: "Its last step is lost." });
    }
  });
  return { now, end: (fault) => end(fault), stopped: () => count > 0, release };
}

function noteInfo(recorder: Recorder, { backend, isolated, parameters, checkpoint }: LabInfo): void {
  recorder.note({ backend, isolated, parameters, checkpoint });
}

async function drive(page: LabPage, options: ExperimentOptions, recorder: Recorder, stop: Stop): Promise<void> {
  noteInfo(recorder, take(await page.opened()));
  if (options.checkpoint !== null) {
    const files = readCheckpoint(options.checkpoint);
    noteInfo(recorder, take(await page.loadCheckpoint(options.checkpoint, files)));
  }
  const { benchmark } = options;
  if (benchmark !== null) take(await page.loadBenchmark(basename(benchmark), readBenchmark(benchmark)));
  if (stop.stopped()) return;
  take(await page.start());
}

/**
 * Runs it; returns how it ended, which is never an error: what was recorded is kept.
 *
 * @param command how to run it again, for the record
 */
export async function runExperiment(options: ExperimentOptions, command: string): Promise<RunRecord> {
  const { config } = options;
  const chromium = ensureChromium(console.error);
  const recorder = new Recorder(resolve(options.out), newRecord(options, command, chromium.version));
  const progress = new Progress(config.steps, terminal);
  let page: LabPage | undefined;
  let ended: (state: string) => void = () => undefined;
  const settled = new Promise<string>((done) => (ended = done));
  const onEvents = (events: LabEvent[]): void => {
    for (const event of events) {
      recorder.handle(event);
      progress.handle(event);
      if (event.type === "state" && ["finished", "paused", "failed"].includes(event.state)) ended(event.state);
    }
  };
  const stop = makeStop(
    () => void page?.pause().catch(() => undefined),
    (sentence) => progress.say(sentence),
  );
  const server = await serve({ root: dist });
  try {
    const place = { url: `${server.url}/`, executable: chromium.file, adapter: options.adapter };
    page = await Promise.race([openLabPage({ ...place, onEvents, onBreak: stop.end }, config), stop.now]);
    await Promise.race([drive(page, options, recorder, stop), stop.now]);
    if (!stop.stopped()) await Promise.race([settled, stop.now]); // The last rows are on their way.
    recorder.saveCheckpoint(take(await Promise.race([page.checkpoint(), stop.now])));
  } catch (error) {
    const fault = faultOf(error, "policy");
    if (fault.code !== "stopped") {
      recorder.fail(fault);
      // What was learned before the fault may still be there.
      const saved = await Promise.race([page?.checkpoint(), stop.now]).catch(() => undefined);
      if (saved?.ok) recorder.saveCheckpoint(saved.value);
    }
  }
  const run = recorder.finish(stop.stopped() ? "interrupted" : "finished", time());
  progress.say(summary(run, options.out));
  stop.release();
  await page?.close().catch(() => undefined);
  await server.close();
  return run;
}

function summary({ outcome, fault, end }: RunRecord, out: string): string {
  const what = `${end.step} steps, ${end.episodes} episodes; see ${join(out, "report.html")}.`;
  if (fault) return `The run failed: ${fault.message} ${fault.hint}\nKept: ${what}`;
  return outcome === "finished" ? `Finished: ${what}` : `Stopped: ${what}`;
}
