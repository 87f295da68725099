/**
 * The sandbox's port: strings of Python go in, outcomes come out. It knows nothing of problems, answers or
 * rewards, so nothing that a snippet does can read or forge them.
 */
import type { SnippetStatus } from "../core/episode";
import type { SandboxCounts } from "../core/events";

export interface SnippetLimits {
  /** Wall time of one snippet. */
  seconds: number;
  /** Printed characters that are kept; printing more ends the snippet with status `output`. */
  outputCharacters: number;
}

export interface SnippetResult {
  status: SnippetStatus;
  stdout: string;
  /** The last traceback line as CPython words it, "" when it ran. */
  error: string;
  /** The snippet's own run time. */
  milliseconds: number;
}

export interface Sandbox {
  /**
   * Runs one snippet in a fresh namespace. Resolves for every outcome, `crash` included (a worker that died
   * twice on it); rejects only after `close()`.
   */
  run(code: string, limits: SnippetLimits): Promise<SnippetResult>;
  counts(): SandboxCounts;
  /** Ends one worker abruptly, as a crash of the browser would: for the fault tests and the teacher's menu. */
  killWorker(): void;
  /** Ends all workers and drops what is queued. */
  close(): void;
}
