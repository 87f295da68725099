/**
 * One Python worker as the pool sees it: boots, runs one snippet at a time, may die at any moment. A second snippet may
 * lie ready in the worker while the first runs: it is begun without a message's way there and back.
 */
import type { SnippetLimits, SnippetResult } from "./sandbox";
import type { BootRequest, ForgetRequest, PythonAssets, SnippetRequest, WorkerReply } from "./snippet";

/** How a run ended: with a result, by being killed for giving none in time, or by the worker's death. */
type ProcessOutcome =
  /** `restored` says whether the worker was put back, and may take the next snippet. */
  | { kind: "result"; result: SnippetResult; restored: Promise<boolean> }
  | { kind: "overrun" }
  /** Nobody waits for it, and it was not begun. */
  | { kind: "forgotten" }
  /** `begun` says whether the worker may have run any of it: else the snippet had no part in the death. */
  | { kind: "lost"; begun: boolean };

/** A snippet in the worker, the first of which runs or is about to. */
interface Sent {
  number: number;
  seconds: number;
  finish(outcome: ProcessOutcome): void;
}

/** Time beyond its limit that a worker has to answer: interrupting, restoring, a busy machine. */
const graceMilliseconds = 500;
/** A second look before the kill: our own thread may have been busy while the answer lay in its queue. */
const secondLookMilliseconds = 250;
const bootMilliseconds = 60_000;
/** Putting the memory back takes less than a millisecond, on a machine that has nothing else to do. */
const restoreMilliseconds = 10_000;

export class PythonProcess {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  /** In the order of their being sent. */
  readonly #sent: Sent[] = [];
  #isWhole = true;
  #requests = 0;
  #failBoot: (reason: Error) => void = () => undefined;
  #announceEnd: (reason: string) => void = () => undefined;
  #announceRestored: (whole: boolean) => void = () => undefined;
  #dead = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Resolves when Python is up; rejects when it does not come up. */
  readonly ready: Promise<void>;
  /** Resolves with the reason when the worker has ended, for whatever reason and at whatever moment. */
  readonly ended: Promise<string>;

  /** @param onStage called after each of `bootStages` */
  constructor(assets: PythonAssets, onStage: (done: number) => void) {
    this.#worker = new Worker(new URL("./python.worker.ts", import.meta.url), { type: "module", name: "python" });
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.ready = new Promise((resolve, reject) => {
      this.#failBoot = reject;
      port1.onmessage = ({ data }: MessageEvent<WorkerReply>) => this.#receive(data, onStage, resolve);
    });
    this.ended = new Promise((resolve) => (this.#announceEnd = resolve));
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.kill(event.message || "the worker's script failed");
    };
    this.#worker.onmessageerror = () => this.kill("a message could not be read");
    this.#timer = setTimeout(() => this.kill("Python did not start in time"), bootMilliseconds);
    const request: BootRequest = { assets, port: port2 };
    this.#worker.postMessage(request, [port2]);
  }

  /** Whether the worker is as after boot, so that the first of what was sent has begun. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Known at once, where `ended` tells it a moment later. */
  get dead(): boolean {
    return this.#dead;
  }

  /**
   * Runs one snippet, after what it was sent before and is put back from; never rejects.
   * @param signal aborted when nobody waits for it any more: it is then not begun, and one that runs runs to its end
   */
  run(code: string, limits: SnippetLimits, signal?: AbortSignal): Promise<ProcessOutcome> {
    // No timer: the snippet would be charged for time in which nobody ran it.
    if (this.#dead) return Promise.resolve({ kind: "lost", begun: false });
    return new Promise((finish) => {
      const number = this.#requests++;
      this.#sent.push({ number, seconds: limits.seconds, finish });
      if (this.#sent.length === 1) this.#watch();
      const request: SnippetRequest = { number, code, limits };
      this.#port.postMessage(request);
      const forget: ForgetRequest = { forget: number };
      signal?.addEventListener("abort", () => this.#port.postMessage(forget), { once: true });
    });
  }

  /** Ends the worker abruptly; a snippet that it was running is lost. */
  kill(reason: string): void {
    this.#end("lost", reason);
  }

  #receive(reply: WorkerReply, onStage: (done: number) => void, resolve: () => void): void {
    switch (reply.type) {
      case "booting":
        onStage(reply.done);
        break;
      case "ready":
        clearTimeout(this.#timer);
        resolve();
        break;
      case "result":
        this.#isWhole = false;
        this.#sent.shift()?.finish({ kind: "result", result: reply.result, restored: this.#awaitRestored() });
        this.#watch();
        break;
      case "restored":
        this.#isWhole = true;
        if (this.#sent.length === 0) clearTimeout(this.#timer);
        this.#announceRestored(true);
        break;
      case "forgotten": {
        const at = this.#sent.findIndex(({ number }) => number === reply.number);
        this.#sent.splice(at, 1)[0]?.finish({ kind: "forgotten" });
        break;
      }
      case "broken":
        this.kill(reply.message);
        break;
      default:
        reply satisfies never;
    }
  }

  #awaitRestored(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#announceRestored = resolve;
    });
  }

  /** Kills a worker that is late with what it does now: the first snippet, or putting itself back. */
  #watch(): void {
    clearTimeout(this.#timer);
    const [first] = this.#sent;
    if (!first) {
      this.#timer = setTimeout(() => this.kill("it could not be put back"), restoreMilliseconds);
      return;
    }
    const overrun = () => this.#end("overrun", "the snippet could not be stopped");
    const secondLook = () => (this.#timer = setTimeout(overrun, secondLookMilliseconds));
    this.#timer = setTimeout(secondLook, first.seconds * 1000 + graceMilliseconds);
  }

  #end(kind: "overrun" | "lost", reason: string): void {
    clearTimeout(this.#timer);
    this.#dead = true;
    this.#worker.terminate();
    this.#port.close();
    this.#failBoot(new Error(reason));
    this.#announceEnd(reason);
    this.#announceRestored(false);
    const [first, ...others] = this.#sent.splice(0);
    const begun = this.#isWhole;
    first?.finish(kind === "overrun" && begun ? { kind } : { kind: "lost", begun });
    for (const other of others) other.finish({ kind: "lost", begun: false });
  }
}
