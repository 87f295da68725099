/**
 * The sandbox's port: strings of Python go in, outcomes come out. It knows nothing of problems, answers or
 * rewards, so nothing that a snippet does can read or forge them.
 */
import type { SnippetStatus } from "../core/episode";
import type { SandboxCounts } from "../core/events";

export interface SnippetLimits {
  /**
   * The graded limit: checks of CPython's evaluation loop, one for each turn of a loop and each call (see fuel.ts).
   * The same code uses the same fuel on every machine, so what the policy reads does not depend on the clock.
   */
  fuel: number;
  /** Wall time: a generous backstop for what burns no fuel, such as a loop in C. */
  seconds: number;
  /** Printed characters that are kept; printing more ends the snippet with status `output`. */
  outputCharacters: number;
}

export interface SnippetResult {
  status: SnippetStatus;
  stdout: string;
  /** The last traceback line as CPython words it, "" when it ran. */
  error: string;
  /** The snippet's line that the traceback ends in, counted from 1; null where there is none. */
  line: number | null;
  /** The snippet's own run time. */
  milliseconds: number;
  /** What it used of its fuel; 0 where the worker was lost with the count. */
  fuel: number;
  /** Where the clock, the engine's own stack or a lost worker had a part in it: another run may end otherwise. */
  unrepeatable?: true;
}

export interface Sandbox {
  /**
   * Runs one snippet in an interpreter that is as after boot. Resolves for every outcome, `crash` included (a worker
   * that died twice on it); rejects with the signal's reason once it is aborted, and after `close()`.
   * @param signal takes the snippet out of the queue; one that already runs ends within its limits, unheard
   */
  run(code: string, limits: SnippetLimits, signal?: AbortSignal): Promise<SnippetResult>;
  counts(): SandboxCounts;
  /** Ends one worker abruptly, as a crash of the browser would: for the fault tests and the teacher's menu. */
  killWorker(): void;
  /** Ends all workers and drops what is queued. */
  close(): void;
}
