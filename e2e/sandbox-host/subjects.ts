/** What is timed: pools of the sandbox, stock Pyodide in one worker, and a new worker for each snippet. */
import { fetchPythonAssets } from "../../src/sandbox/assets";
import { openSandbox } from "../../src/sandbox/pool";
import { PythonProcess } from "../../src/sandbox/python-process";
import type { Sandbox, SnippetLimits } from "../../src/sandbox/sandbox";
import type { StockReply } from "./stock.worker";

export const limits: SnippetLimits = { fuel: 20_000_000, seconds: 30, outputCharacters: 4096 };

export const subjectNames = ["ours-1", "ours-2", "stock", "new-stock", "new-ours"] as const;
export type SubjectName = (typeof subjectNames)[number];

export interface Subject {
  /** Runs them all and resolves with each one's own milliseconds. */
  run(codes: readonly string[]): Promise<number[]>;
  close(): void;
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, milliseconds));

/** A pool with all its workers started, the spare too, so that none boots while something is timed. */
export async function openSettled(workers: number): Promise<Sandbox> {
  const sandbox = await openSandbox({ workers });
  while (sandbox.counts().workers < workers) await pause(20);
  const began = performance.now();
  // The spare is not counted; it takes about as long as any other.
  await sandbox.run("1", limits);
  await pause(2500 - (performance.now() - began));
  return sandbox;
}

async function pool(workers: number): Promise<Subject> {
  const sandbox = await openSettled(workers);
  return {
    run: async (codes) => {
      const results = await Promise.all(codes.map((code) => sandbox.run(code, limits)));
      return results.map(({ milliseconds }) => milliseconds);
    },
    close: () => sandbox.close(),
  };
}

export class StockWorker {
  readonly #worker = new Worker(new URL("./stock.worker.ts", import.meta.url), { type: "module" });
  #heard: (reply: StockReply) => void = () => undefined;
  readonly ready: Promise<void>;

  constructor() {
    this.ready = new Promise((resolve) => (this.#heard = () => resolve()));
    this.#worker.addEventListener("message", ({ data }: MessageEvent<StockReply>) => this.#heard(data));
  }

  /** All are sent at once, as a pool with one worker could send them. */
  run(codes: readonly string[]): Promise<number[]> {
    const times: number[] = [];
    return new Promise((resolve) => {
      this.#heard = (reply) => {
        if (reply.type !== "result") return;
        times.push(reply.milliseconds);
        if (times.length === codes.length) resolve(times);
      };
      for (const code of codes) this.#worker.postMessage(code);
    });
  }

  close(): void {
    this.#worker.terminate();
  }
}

async function stock(): Promise<Subject> {
  const worker = new StockWorker();
  await worker.ready;
  return worker;
}

const newStock: Subject = {
  run: async (codes) => {
    const times: number[] = [];
    for (const code of codes) {
      const worker = new StockWorker();
      await worker.ready;
      times.push(...(await worker.run([code])));
      worker.close();
    }
    return times;
  },
  close: () => undefined,
};

async function newOurs(): Promise<Subject> {
  const assets = await fetchPythonAssets(() => undefined);
  return {
    run: async (codes) => {
      const times: number[] = [];
      for (const code of codes) {
        const process = new PythonProcess(assets, () => undefined);
        await process.ready;
        const outcome = await process.run(code, limits);
        if (outcome.kind === "result") times.push(outcome.result.milliseconds);
        process.kill("it has served");
      }
      return times;
    },
    close: () => undefined,
  };
}

export function openSubject(name: SubjectName): Promise<Subject> {
  switch (name) {
    case "ours-1":
      return pool(1);
    case "ours-2":
      return pool(2);
    case "stock":
      return stock();
    case "new-stock":
      return Promise.resolve(newStock);
    case "new-ours":
      return newOurs();
    default:
      return name satisfies never;
  }
}
