/**
 * What an attack is. To add one, add an entry to a file in `attacks/`: a name, and Python that tries. It says
 * `print(BREACHED)` where it believes to have got through; beyond that the harness looks for itself (harness.ts): at
 * what arrives at the page, at storage, at the size of the answer, at a secret of the snippet before, and at whether
 * the next snippet finds everything as in a new worker.
 */
import type { SnippetLimits, SnippetResult } from "../../src/sandbox/sandbox";

export interface Attack {
  name: string;
  code: string;
  /** It succeeds if the host takes one of these for the outcome. */
  forges?: SnippetResult["status"][];
  /** It succeeds if it is charged less than this. */
  costs?: number;
  limits?: Partial<SnippetLimits>;
  /** It prints `armed` once it holds what it attacks with, and is no attack if it does not get so far. */
  arms?: true;
  /** What it fails with, where that could be taken for a mistake in the attack itself. */
  stops?: RegExp;
}

/** What an attack prints on success; the word is put together by the harness, so that no echo of code contains it. */
export const breached = "the-sandbox-is-breached";
/** What the snippet before left in memory, in its files and variables. */
export const secret = "correct-horse-battery-staple";

/** Names for the attack's use; no secret or success mark stands in it as a whole. */
export const preamble = `BREACHED = "-".join(["the", "sandbox", "is", "breached"])
SECRET_START = "correct-" + "horse-"
`;

/** Python as it is written: a backslash stays a backslash. */
export const py = String.raw;
