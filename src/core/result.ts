/**
 * Outcomes that cross a boundary. A failure is attributed to one boundary, recorded once, and carried as a
 * value: errors thrown in a worker lose their class and fields on the way (comlink), values do not.
 */

/** What went wrong, for people: what happened, and what to do. */
export interface Fault {
  at: "config" | "checkpoint" | "tokenizer" | "backend" | "policy" | "sandbox" | "grader" | "network";
  /** A stable name to branch on, such as "truncated" or "timeout". */
  code: string;
  /** What happened and why, in one sentence. */
  message: string;
  /** What to do about it, in one sentence. */
  hint: string;
}

export type Result<T> = { ok: true; value: T } | { ok: false; fault: Fault };

export function succeed<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail<T>(fault: Fault): Result<T> {
  return { ok: false, fault };
}

/** A Fault that is thrown inside one realm; `session` turns it back into a value before it crosses a worker. */
export class FaultError extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.message} ${fault.hint}`);
    this.name = "FaultError";
    this.fault = fault;
  }
}

/** Any thrown thing as a Fault; an unforeseen error keeps its own words and is laid at `at`'s door. */
export function faultOf(thrown: unknown, at: Fault["at"]): Fault {
  if (thrown instanceof FaultError) return thrown.fault;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { at, code: "unexpected", message, hint: "Reload the page; if it happens again, report it with the log." };
}
