/** Files on their way into the sandbox: bytes from a disk become a snippet, or a result that says why they cannot. */
import { readFileSync } from "node:fs";
import type { SnippetResult } from "../../../src/sandbox/sandbox";
import { UsageError } from "../experiment/command-line";

export interface Source {
  /** As the command line names it. */
  file: string;
  /** The snippet, or what became of a file that is no text: Python would not get as far as running it. */
  content: string | SnippetResult;
}

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "its permissions forbid it",
  EPERM: "the system forbids it",
};

/** Throws a UsageError where a file cannot be read. */
export function readSource(file: string): Source {
  try {
    return { file, content: decodeSource(readFileSync(file === "-" ? 0 : file)) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const why = reasons[code] ?? (error instanceof Error ? error.message : String(error));
    const what = file === "-" ? "Standard input" : file;
    throw new UsageError(`${what} could not be read: ${why}. Correct the name or leave it out; nothing was run.`);
  }
}

/** UTF-8 as CPython reads a source file: a byte order mark is dropped, and what is no UTF-8 is a SyntaxError. */
export function decodeSource(bytes: Uint8Array): string | SnippetResult {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const place = firstInvalid(bytes);
    const line = bytes.subarray(0, place).filter((byte) => byte === 0x0a).length + 1;
    const byte = `\\x${bytes[place].toString(16).padStart(2, "0")}`;
    const error = `SyntaxError: Non-UTF-8 code starting with '${byte}' on line ${line}, but no encoding declared; see https://peps.python.org/pep-0263/ for details`;
    return { status: "error", stdout: "", error, line, milliseconds: 0, fuel: 0 };
  }
}

/** Index of the first byte that does not belong to a character. The bytes have one. */
function firstInvalid(bytes: Uint8Array): number {
  const decodes = (end: number): boolean => {
    try {
      // As a stream, so that a character cut off by `end` is no fault.
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let [good, bad] = [0, bytes.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (middle <= bytes.length && decodes(middle)) good = middle;
    else bad = middle;
  }
  // Now `good` bytes are the longest beginning that could go on; a broken character starts in its last three.
  const tail = bytes.subarray(Math.max(0, good - 3), good);
  for (let back = 1; back <= tail.length; back++) {
    const byte = tail[tail.length - back];
    if (byte < 0x80) break;
    if (byte >= 0xc0) return back < lengthOf(byte) ? good - back : good;
  }
  return Math.min(good, bytes.length - 1);
}

const lengthOf = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2);
