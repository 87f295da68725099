/** The page's end of the lab's worker. */
import { proxy, wrap } from "comlink";
import type { LabApi } from "../session/api";

declare global {
  interface Window {
    /** The lab as scripts and experiments drive it: the same object that the page uses. */
    lab: LabApi;
  }
}

/**
 * Starts the worker. `onBreak` hears of a worker that cannot start or that dies; calls that are under way then never
 * resolve.
 */
export function connectLab(onBreak: (message: string) => void): LabApi {
  const worker = new Worker(new URL("../session/lab.worker.ts", import.meta.url), { type: "module", name: "lab" });
  worker.addEventListener("error", (event) => {
    onBreak(event.message);
  });
  const remote = wrap<LabApi>(worker);
  return {
    open: (config) => remote.open(config),
    start: () => remote.start(),
    pause: () => remote.pause(),
    step: () => remote.step(),
    reset: () => remote.reset(),
    change: (overrides) => remote.change(overrides),
    evaluate: (samples) => remote.evaluate(samples),
    coldStart: () => remote.coldStart(),
    scoreOutside: (outside, samples, onAnswer) => remote.scoreOutside(outside, samples, proxy(onAnswer)),
    stopOutside: () => remote.stopOutside(),
    traces: (...request) => remote.traces(...request),
    loadTraces: (...request) => remote.loadTraces(...request),
    loadCheckpoint: (name, files) => remote.loadCheckpoint(name, files),
    loadBenchmark: (title, text) => remote.loadBenchmark(title, text),
    checkpoint: () => remote.checkpoint(),
    snapshot: () => remote.snapshot(),
    episodes: (filter) => remote.episodes(filter),
    ledger: (episode) => remote.ledger(episode),
    runSnippet: (code, limits, sympy) => remote.runSnippet(code, limits, sympy),
    subscribe: (listener) => remote.subscribe(proxy(listener)),
    killSandboxWorker: () => remote.killSandboxWorker(),
    sabotageGpu: (how) => remote.sabotageGpu(how),
  };
}
