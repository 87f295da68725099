/** A result as one line: for another program, or for people. */
import type { SnippetResult } from "../../../src/sandbox/sandbox";

const microseconds = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

/** The keys' order is part of what other programs may rely on. */
export function resultJson(file: string, result: SnippetResult): string {
  const { status, stdout, error, milliseconds, fuel, line } = result;
  return JSON.stringify({ status, stdout, error, ms: microseconds(milliseconds), fuel, file, line });
}

/** Text of any kind stays on the line: quoted, with its control characters spelt out. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, spelt);
const spelt = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

export function resultLine(file: string, result: SnippetResult): string {
  const { status, stdout, error, milliseconds, fuel, line } = result;
  const place = line === null ? file : `${file}:${line}`;
  const numbers = `${milliseconds.toFixed(1).padStart(8)} ms ${String(fuel).padStart(9)} fuel`;
  const texts = [stdout && quoted(stdout), error && quoted(error).slice(1, -1).replaceAll('\\"', '"')].filter(Boolean);
  return `${status.padEnd(7)} ${numbers}  ${place}  ${texts.join("  ")}`.trimEnd();
}
