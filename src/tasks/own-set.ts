/**
 * A set of the reader's own, in the form of the public AIME sets: JSON Lines, each an object with `problem` and
 * `answer`; an answer is a whole number from 0 to 999, as a number or as digits ("073"). Other fields are left alone.
 */
import type { ProblemRecord } from "../core/episode";
import { FaultError } from "../core/result";

const largestAnswer = 999;

function refuse(line: number, what: string): never {
  throw new FaultError({
    at: "config",
    code: "benchmark",
    message: `Line ${line}: ${what}.`,
    hint: 'Every line is a JSON object such as {"problem": "What is 6 times 7?", "answer": 42}.',
  });
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return refuse(number, "this is not JSON");
  }
}

/** A value as a refusal quotes it. */
const quoted = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
};

function answerOf(value: unknown, line: number): number {
  if (value === undefined || value === null) return refuse(line, '"answer" is missing');
  const number = typeof value === "string" && /^\s*\d{1,3}\s*$/.test(value) ? Number(value) : value;
  const isAnswer = typeof number === "number" && Number.isInteger(number) && number >= 0 && number <= largestAnswer;
  return isAnswer
    ? number
    : refuse(line, `"answer" is ${quoted(value)}, not a whole number from 0 to ${largestAnswer}`);
}

function problemOf(value: unknown, line: number): ProblemRecord {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refuse(line, "this is no JSON object");
  const { problem, answer } = value as { problem?: unknown; answer?: unknown };
  if (problem === undefined || problem === null) return refuse(line, '"problem" is missing');
  if (typeof problem !== "string" || problem.trim() === "") return refuse(line, '"problem" is no text');
  const question = problem.trim();
  return { id: `own/${line}`, family: "own", kind: "own", level: 0, question, answer: answerOf(answer, line) };
}

/** The problems of a file, in its order; blank lines count as lines and are skipped. Throws a FaultError that names the line. */
export function parseOwnSet(text: string): ProblemRecord[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const problems = lines.flatMap((line, place) =>
    line.trim() === "" ? [] : [problemOf(parsed(line, place + 1), place + 1)],
  );
  return problems.length > 0 ? problems : refuse(1, "there is no problem in this file");
}
