/**
 * The lab in a browser without a window, driven through the page's own `window.lab`: an experiment runs exactly what
 * a visitor runs.
 */
import { chromium, type Page } from "@playwright/test";
import { urlFromConfig } from "../../../src/config/url";
import type { LabConfig } from "../../../src/config/schema";
import type { TraceRecord } from "../../../src/core/cold-start";
import type { LabEvent } from "../../../src/core/events";
import { type Fault, FaultError, type Result, succeed } from "../../../src/core/result";
import type { CheckpointFiles, ColdStartReport, LabInfo, OwnSet, OwnTraces } from "../../../src/session/api";
import { chromiumArguments, hardwareArguments } from "../chromium.mjs";
import type { AdapterChoice } from "./command-line";

declare global {
  interface Window {
    recordEvents?: (events: LabEvent[]) => Promise<void>;
  }
}

export interface LabPage {
  version: string;
  /** What the page opened by its address; where that failed, why. */
  opened(): Promise<Result<LabInfo>>;
  loadCheckpoint(name: string, files: CheckpointFiles): Promise<Result<LabInfo>>;
  /** A set of one's own, from the text of its file. */
  loadBenchmark(title: string, text: string): Promise<Result<OwnSet>>;
  /** Runs until the configured steps are done, `pause()`, or a fault. */
  start(): Promise<Result<null>>;
  pause(): Promise<void>;
  /** Traces of one's own, from the text of their file. */
  loadTraces(title: string, text: string): Promise<Result<OwnTraces>>;
  /** The factory's traces with the numbers from `first` on. */
  traces(first: number, count: number): Promise<Result<TraceRecord[]>>;
  /** Trains a policy from random weights on traces, as configured, and scores it. */
  coldStart(): Promise<Result<ColdStartReport>>;
  checkpoint(): Promise<Result<CheckpointFiles>>;
  close(): Promise<void>;
}

export interface LabPageOptions {
  url: string;
  executable: string;
  adapter: AdapterChoice;
  onEvents: (events: LabEvent[]) => void;
  /** The browser or the page has ended; calls under way will not return. */
  onBreak: (fault: Fault) => void;
}

/** The value of a call; its fault is thrown as a FaultError. */
export function take<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new FaultError(result.fault);
}

const broken = (message: string): Fault => ({
  at: "backend",
  code: "browser",
  message,
  hint: "What was recorded is kept; run the command again, with fewer parameters if memory ran out.",
});

/** Opens the lab's page and waits until it can be driven. */
export async function openLabPage(options: LabPageOptions, config: LabConfig): Promise<LabPage> {
  const { url, executable, adapter, onEvents, onBreak } = options;
  const browser = await chromium.launch({
    executablePath: executable,
    args: adapter === "hardware" ? hardwareArguments : chromiumArguments,
    // Ctrl-C is ours to handle: the page is needed to save the checkpoint.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  browser.on("disconnected", () => onBreak(broken("The browser ended.")));
  const page = await browser.newPage();
  page.on("crash", () => onBreak(broken("The page ran out of memory or crashed.")));
  await page.exposeFunction("recordEvents", onEvents);
  await page.goto(url + urlFromConfig(config));
  await waitForLab(() => page.evaluate(() => "lab" in window));
  await page.evaluate(() =>
    window.lab.subscribe((events) => {
      // Single tokens are for people who watch.
      const kept = events.filter((event) => event.type !== "stream" && event.type !== "phase");
      if (kept.length > 0) void window.recordEvents?.(kept);
    }),
  );
  // The page opens the lab by its address.
  await waitForLab(() => page.evaluate(async () => ["ready", "failed"].includes((await window.lab.snapshot()).state)));

  return {
    version: browser.version(),
    opened: () =>
      page.evaluate(async (wanted) => {
        const { info } = await window.lab.snapshot();
        // Opening again says why it failed.
        return info ? { ok: true as const, value: info } : window.lab.open(wanted);
      }, config),
    loadCheckpoint: (name, files) => loadInto(page, name, files),
    loadBenchmark: (title, text) =>
      page.evaluate(([name, lines]) => window.lab.loadBenchmark(name, lines), [title, text] as const),
    loadTraces: (title, text) =>
      page.evaluate(([name, lines]) => window.lab.loadTraces(name, lines), [title, text] as const),
    traces: (first, count) => page.evaluate((range) => window.lab.traces(...range), [first, count] as const),
    start: () =>
      page.evaluate(async () => {
        const result = await window.lab.start();
        return result.ok ? { ok: true as const, value: null } : result;
      }),
    pause: () => page.evaluate(async () => void (await window.lab.pause())),
    coldStart: () => page.evaluate(() => window.lab.coldStart()),
    checkpoint: () => saveFrom(page),
    close: () => browser.close(),
  };
}

/** Bytes cross into the page as base64: Playwright carries JSON. */
function loadInto(page: Page, name: string, files: CheckpointFiles): Promise<Result<LabInfo>> {
  const encoded = Object.entries(files).map(([file, bytes]) => [file, Buffer.from(bytes).toString("base64")] as const);
  return page.evaluate(
    ([given, entries]) => {
      const contents: CheckpointFiles = {};
      for (const [file, text] of entries) {
        contents[file] = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      }
      return window.lab.loadCheckpoint(given, contents);
    },
    [name, encoded] as const,
  );
}

async function saveFrom(page: Page): Promise<Result<CheckpointFiles>> {
  const result = await page.evaluate(async () => {
    const saved = await window.lab.checkpoint();
    if (!saved.ok) return saved;
    const texts = Object.entries(saved.value).map(([file, bytes]): [string, string] => {
      const parts = Array.from({ length: Math.ceil(bytes.length / 32_768) }, (_, i) =>
        String.fromCharCode(...bytes.subarray(i * 32_768, (i + 1) * 32_768)),
      );
      return [file, btoa(parts.join(""))];
    });
    return { ok: true as const, value: texts };
  });
  if (!result.ok) return result;
  const files: CheckpointFiles = {};
  for (const [file, text] of result.value) files[file] = new Uint8Array(Buffer.from(text, "base64"));
  return succeed(files);
}

/** Asks again until it is so; throws after two minutes. */
async function waitForLab(isReady: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!(await isReady())) {
    if (performance.now() > deadline) throw new Error("The page did not offer the lab within two minutes.");
    await new Promise((done) => setTimeout(done, 100));
  }
}
