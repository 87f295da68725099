/** A snippet's outcome without what differs from run to run. Only tests import this folder. */
import type { Sandbox, SnippetLimits, SnippetResult } from "../sandbox";

export type Outcome = Pick<SnippetResult, "status" | "stdout" | "error">;

export async function outcomeIn(sandbox: Sandbox, code: string, limits: SnippetLimits): Promise<Outcome> {
  const { status, stdout, error } = await sandbox.run(code, limits);
  return { status, stdout, error };
}

/** It ran to its end, and printed that. */
export const ok = (stdout: string): Outcome => ({ status: "ok", stdout, error: "" });
