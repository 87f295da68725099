/**
 * A pool of Python workers around one queue: an idle worker takes the next snippet, so a slow one holds up nobody. One
 * worker more than may run at a time is kept booted, so that a killed one is replaced at once. A worker that dies is
 * never the snippet's fault: the snippet runs once more elsewhere, and only a second death makes it a `crash`.
 */
import { noSandboxCounts, type SandboxCounts } from "../core/events";
import { FaultError } from "../core/result";
import { assetParts, fetchPythonAssets } from "./assets";
import { PythonProcess } from "./python-process";
import type { Sandbox, SnippetLimits, SnippetResult } from "./sandbox";
import { bootStages, timeoutError, type PythonAssets } from "./snippet";

export interface SandboxOptions {
  /** Snippets that may run at the same time. */
  workers: number;
  /** Lets snippets import SymPy; nothing of it is loaded otherwise. */
  sympy?: boolean;
  /** Called after every change; at most a few times per snippet. */
  onCounts?: (counts: SandboxCounts) => void;
  /** Progress until the first worker is ready, in steps. */
  onProgress?: (done: number, total: number) => void;
  /** Something went wrong and was mended; a sentence for people. */
  onNotice?: (message: string) => void;
}

/**
 * Loads Python from our own origin and starts the workers. Resolves as soon as the first one is ready; the others
 * follow one after another. Runs on a page or in a worker.
 * @throws FaultError when Python cannot be loaded or does not start
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  let done = 0;
  const total = assetParts + bootStages;
  const step = () => done < total && options.onProgress?.(++done, total);
  const pool = new Pool(await fetchPythonAssets(step, options.sympy), options);
  try {
    await pool.start(step);
  } catch (thrown) {
    pool.close();
    throw new FaultError({
      at: "sandbox",
      code: "python-start",
      message: `Python did not start: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
      hint: "Reload the page; if it happens again, try another browser or free some memory.",
    });
  }
  return pool;
}

interface Job {
  code: string;
  limits: SnippetLimits;
  /** Workers that died on it. */
  deaths: number;
  /** Nobody waits for it any more. */
  abandoned: boolean;
  resolve(result: SnippetResult): void;
  reject(reason: unknown): void;
}

/** After so many failed starts in a row the pool stops trying. */
const mostFailedStarts = 3;

class Pool implements Sandbox {
  readonly #assets: PythonAssets;
  readonly #options: SandboxOptions;
  readonly #queue: Job[] = [];
  readonly #idle: PythonProcess[] = [];
  readonly #busy = new Map<PythonProcess, Job>();
  /** Have given their result and are being put back; whether they come back is not known yet. */
  readonly #resting = new Set<PythonProcess>();
  #starting: PythonProcess | null = null;
  #failedStarts = 0;
  #closed = false;
  readonly #counts = { ...noSandboxCounts };

  constructor(assets: PythonAssets, options: SandboxOptions) {
    this.#assets = assets;
    this.#options = options;
  }

  /** Resolves when the first worker is ready. */
  async start(onStage: () => void): Promise<void> {
    await this.#startProcess(onStage);
    void this.#fill();
  }

  async run(code: string, limits: SnippetLimits, signal?: AbortSignal): Promise<SnippetResult> {
    if (this.#closed) throw closedError();
    signal?.throwIfAborted();
    const refusal = refusalOf(code);
    if (refusal !== null) {
      this.#counts.error++;
      this.#report();
      return stopped("error", refusal, 0);
    }
    const abandoned = new AbortController();
    try {
      return await new Promise((resolve, reject) => {
        const job = { code, limits, deaths: 0, abandoned: false, resolve, reject };
        signal?.addEventListener("abort", () => this.#abandon(job, signal.reason), { signal: abandoned.signal });
        this.#queue.push(job);
        this.#pump();
      });
    } finally {
      abandoned.abort();
    }
  }

  counts(): SandboxCounts {
    return { ...this.#counts, workers: Math.min(this.#options.workers, this.#alive) };
  }

  killWorker(): void {
    const [victim] = [...this.#busy.keys(), ...this.#resting, ...this.#idle];
    victim?.kill("it was killed on purpose");
  }

  close(): void {
    this.#closed = true;
    const waiting = [...this.#queue.splice(0), ...this.#busy.values()];
    const processes = [...this.#busy.keys(), ...this.#resting, ...this.#idle];
    for (const process of processes) process.kill("the sandbox was closed");
    this.#starting?.kill("the sandbox was closed");
    this.#busy.clear();
    this.#resting.clear();
    this.#idle.length = 0;
    for (const job of waiting) job.reject(closedError());
  }

  get #hopeless(): boolean {
    return this.#failedStarts >= mostFailedStarts;
  }

  get #alive(): number {
    return this.#idle.length + this.#busy.size + this.#resting.size;
  }

  /** Boots workers, one at a time so as to leave the processor to others, up to one spare. */
  async #fill(): Promise<void> {
    while (!this.#closed && !this.#starting && this.#alive <= this.#options.workers) {
      if (this.#hopeless) {
        this.#notice(`Python workers could not be started; ${this.#alive} of ${this.#options.workers} are left.`);
        this.#pump();
        return;
      }
      await this.#startProcess(() => undefined).catch((thrown: unknown) => {
        this.#failedStarts++;
        if (!this.#closed) this.#notice(`A Python worker did not start (${String(thrown)}).`);
      });
    }
  }

  async #startProcess(onStage: () => void): Promise<void> {
    const process = new PythonProcess(this.#assets, onStage);
    this.#starting = process;
    try {
      await process.ready;
    } finally {
      this.#starting = null;
    }
    this.#failedStarts = 0;
    this.#idle.push(process);
    void process.ended.then((reason) => this.#replace(process, reason));
    this.#report();
    this.#pump();
  }

  #pump(): void {
    // No worker is left and none can be started: let no caller wait in vain.
    if (this.#hopeless && this.#alive === 0) for (const job of this.#queue.splice(0)) this.#drop(job);
    while (this.#queue.length > 0 && this.#busy.size < this.#options.workers) {
      const process = this.#idle.pop();
      if (!process) return;
      // The news of its end is still on its way here.
      if (process.dead) continue;
      const job = this.#queue.shift();
      if (job) void this.#runOn(process, job);
      else this.#idle.push(process);
    }
  }

  async #runOn(process: PythonProcess, job: Job): Promise<void> {
    this.#busy.set(process, job);
    const outcome = await process.run(job.code, job.limits);
    if (this.#closed) {
      // Where its worker's death led to the closing, it was in no list any more.
      job.reject(closedError());
      return;
    }
    this.#busy.delete(process);
    switch (outcome.kind) {
      case "result":
        this.#resting.add(process);
        void outcome.restored.then((whole) => this.#rest(process, whole));
        this.#finish(job, outcome.result);
        break;
      case "overrun":
        // It printed into a worker that is gone; what it printed is gone with it.
        this.#finish(job, { ...stopped("timeout", timeoutError, job.limits.seconds * 1000), unrepeatable: true });
        break;
      case "lost":
        this.#retry(job);
        break;
      default:
        outcome satisfies never;
    }
    this.#pump();
  }

  /** A worker is idle again only when it was put back: one that breaks before that takes no other snippet with it. */
  #rest(process: PythonProcess, whole: boolean): void {
    if (!this.#resting.delete(process) || !whole) return;
    this.#idle.push(process);
    this.#pump();
  }

  /** Nobody waits for it any more; where it runs already it does so to its end. */
  #abandon(job: Job, reason: unknown): void {
    const index = this.#queue.indexOf(job);
    if (index >= 0) this.#queue.splice(index, 1);
    job.abandoned = true;
    job.reject(reason);
  }

  #retry(job: Job): void {
    if (job.abandoned) return;
    job.deaths++;
    if (job.deaths > 1) {
      this.#drop(job);
      return;
    }
    this.#counts.retried++;
    this.#queue.unshift(job);
    this.#report();
  }

  #drop(job: Job): void {
    this.#counts.dropped++;
    this.#finish(job, { ...stopped("crash", "", 0), unrepeatable: true });
  }

  #finish(job: Job, result: SnippetResult): void {
    this.#counts[result.status]++;
    this.#report();
    job.resolve(result);
  }

  #replace(process: PythonProcess, reason: string): void {
    if (this.#closed) return;
    this.#busy.delete(process);
    this.#resting.delete(process);
    const index = this.#idle.indexOf(process);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#counts.respawned++;
    this.#report();
    this.#notice(`A Python worker ended (${reason}) and is being replaced.`);
    void this.#fill();
  }

  #report(): void {
    this.#options.onCounts?.(this.counts());
  }

  #notice(message: string): void {
    this.#options.onNotice?.(message);
  }
}

/** Far more than a policy writes; parsing it burns no fuel, so it is limited here. */
const mostCodeCharacters = 2_000_000;

/** Why `code`, which scripts may pass unchecked, is not run at all; null where it is. */
function refusalOf(code: unknown): string | null {
  if (typeof code !== "string") return "TypeError: a snippet is a string";
  if (code.length <= mostCodeCharacters) return null;
  return `ValueError: the snippet has ${code.length} characters; at most ${mostCodeCharacters} are run`;
}

function stopped(status: "timeout" | "crash" | "error", error: string, milliseconds: number): SnippetResult {
  return { status, stdout: "", error, line: null, milliseconds, fuel: 0 };
}

function closedError(): FaultError {
  return new FaultError({
    at: "sandbox",
    code: "closed",
    message: "The sandbox was closed.",
    hint: "Open the lab again to run Python.",
  });
}
