/** One Python worker as the pool sees it: boots, runs one snippet at a time, may die at any moment. */
import type { SnippetLimits, SnippetResult } from "./sandbox";
import type { BootRequest, PythonAssets, SnippetRequest, WorkerReply } from "./snippet";

/** How a run ended: with a result, by being killed for giving none in time, or by the worker's death. */
type ProcessOutcome =
  /** `restored` says whether the worker was put back, and may take the next snippet. */
  { kind: "result"; result: SnippetResult; restored: Promise<boolean> } | { kind: "overrun" } | { kind: "lost" };

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
  #finish: ((outcome: ProcessOutcome) => void) | null = null;
  #failBoot: (reason: Error) => void = () => undefined;
  #announceEnd: (reason: string) => void = () => undefined;
  #announceRestored: (whole: boolean) => void = () => undefined;
  #dead = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Resolves when Python is up; rejects when it does not come up. */
  readonly ready: Promise<void>;
  /** Resolves with the reason when the worker has ended, for whatever reason and at whatever moment. */
  readonly ended: Promise<string>;

  /**
   * @param onStage called after each of `bootStages`
   * @param comparedIn after how many snippets all of Python's memory has been compared once with what it has to be
   */
  constructor(assets: PythonAssets, onStage: (done: number) => void, comparedIn = 512) {
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
    const request: BootRequest = { assets, port: port2, comparedIn };
    this.#worker.postMessage(request, [port2]);
  }

  /** Known at once, where `ended` tells it a moment later. */
  get dead(): boolean {
    return this.#dead;
  }

  /** Runs one snippet; never rejects. Only one at a time, and only when what the last one did is `restored`. */
  run(code: string, limits: SnippetLimits): Promise<ProcessOutcome> {
    // No timer: the snippet would be charged for time in which nobody ran it.
    if (this.#dead) return Promise.resolve({ kind: "lost" });
    return new Promise((finish) => {
      this.#finish = finish;
      const overrun = () => this.#end({ kind: "overrun" }, "the snippet could not be stopped");
      const secondLook = () => (this.#timer = setTimeout(overrun, secondLookMilliseconds));
      this.#timer = setTimeout(secondLook, limits.seconds * 1000 + graceMilliseconds);
      const request: SnippetRequest = { code, limits };
      this.#port.postMessage(request);
    });
  }

  /** Ends the worker abruptly; a snippet that it was running is lost. */
  kill(reason: string): void {
    this.#end({ kind: "lost" }, reason);
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
        this.#settle({ kind: "result", result: reply.result, restored: this.#awaitRestored() });
        break;
      case "restored":
        clearTimeout(this.#timer);
        this.#announceRestored(true);
        break;
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

  #end(outcome: ProcessOutcome, reason: string): void {
    this.#dead = true;
    this.#worker.terminate();
    this.#port.close();
    this.#failBoot(new Error(reason));
    this.#announceEnd(reason);
    this.#announceRestored(false);
    this.#settle(outcome);
  }

  #settle(outcome: ProcessOutcome): void {
    clearTimeout(this.#timer);
    const finish = this.#finish;
    this.#finish = null;
    if (outcome.kind === "result") {
      this.#timer = setTimeout(() => this.kill("it could not be put back"), restoreMilliseconds);
    }
    finish?.(outcome);
  }
}
