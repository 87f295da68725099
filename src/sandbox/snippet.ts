/** What the pool and a Python worker say to each other: two closed unions over one private MessagePort. */
import type { SnippetLimits, SnippetResult } from "./sandbox";

/** Fetched and compiled once by whoever opens the pool, then shared with every worker. */
export interface PythonAssets {
  wasm: WebAssembly.Module;
  standardLibrary: ArrayBuffer;
  /** The memory of a Python that has booted and imported the driver, and SymPy where it was asked for; made at build time. */
  snapshot: ArrayBuffer;
  /** A zip of SymPy's source, for what it imports only when it needs it; null where the snapshot has no SymPy. */
  sympy: ArrayBuffer | null;
}

/** The first and only message on a worker's own channel; everything after it goes through `port`. */
export interface BootRequest {
  assets: PythonAssets;
  port: MessagePort;
  /** After how many restores all of Python's memory has been compared once with what it has to be. */
  comparedIn: number;
}

export interface SnippetRequest {
  code: string;
  limits: SnippetLimits;
}

export type WorkerReply =
  /** Boot progress: `done` of `bootStages`. */
  | { type: "booting"; done: number }
  | { type: "ready" }
  | { type: "result"; result: SnippetResult }
  /** After each result: as after boot again, and ready for the next snippet. */
  | { type: "restored" }
  /** The interpreter could not start, or could not be restored after a snippet: replace this worker. */
  | { type: "broken"; message: string };

/** Python restored from its snapshot, realm locked. */
export const bootStages = 2;

/** The observation of every snippet that ran into its time limit. */
export const timeoutError = "TimeoutError: time limit exceeded";
