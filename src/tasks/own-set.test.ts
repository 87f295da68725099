import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { FaultError } from "../core/result";
import { parseOwnSet } from "./own-set";

const good = '{"problem": "What is 6 times 7?", "answer": 42}';

describe("a set of the reader's own", () => {
  test("is read in the form of the public AIME sets", () => {
    const text = [
      '{"id": 60, "problem": "Every morning Aya goes for a walk ...", "solution": "...", "answer": "204", "url": "x"}',
      "",
      '{"problem": " Find $x$. ", "answer": "073"}',
      '{"problem": "And this?", "answer": 0}',
    ].join("\r\n");
    expect(parseOwnSet(`\uFEFF${text}\n`)).toEqual([
      {
        id: "own/1",
        family: "own",
        kind: "own",
        level: 0,
        question: "Every morning Aya goes for a walk ...",
        answer: 204,
      },
      { id: "own/3", family: "own", kind: "own", level: 0, question: "Find $x$.", answer: 73 },
      { id: "own/4", family: "own", kind: "own", level: 0, question: "And this?", answer: 0 },
    ]);
  });

  test.each([
    ["{problem: 1}", "Line 2: this is not JSON."],
    ["[1, 2]", "Line 2: this is no JSON object."],
    ["7", "Line 2: this is no JSON object."],
    ['{"answer": 1}', 'Line 2: "problem" is missing.'],
    ['{"question": "?", "answer": 1}', 'Line 2: "problem" is missing.'],
    ['{"problem": 5, "answer": 1}', 'Line 2: "problem" is no text.'],
    ['{"problem": " ", "answer": 1}', 'Line 2: "problem" is no text.'],
    ['{"problem": "?"}', 'Line 2: "answer" is missing.'],
    ['{"problem": "?", "answer": null}', 'Line 2: "answer" is missing.'],
    ['{"problem": "?", "answer": 1000}', 'Line 2: "answer" is 1000, not a whole number from 0 to 999.'],
    ['{"problem": "?", "answer": -1}', 'Line 2: "answer" is -1, not a whole number from 0 to 999.'],
    ['{"problem": "?", "answer": 1.5}', 'Line 2: "answer" is 1.5, not a whole number from 0 to 999.'],
    ['{"problem": "?", "answer": "x"}', 'Line 2: "answer" is "x", not a whole number from 0 to 999.'],
    ['{"problem": "?", "answer": ""}', 'Line 2: "answer" is "", not a whole number from 0 to 999.'],
    ['{"problem": "?", "answer": [1]}', 'Line 2: "answer" is [1], not a whole number from 0 to 999.'],
  ])("refuses %s and names the line", (line, message) => {
    expect(() => parseOwnSet(`${good}\n${line}\n${good}`)).toThrow(FaultError);
    expect(() => parseOwnSet(`${good}\n${line}\n${good}`)).toThrow(message);
  });

  test.each(["", "\n \n"])("refuses a file without a problem", (text) => {
    expect(() => parseOwnSet(text)).toThrow("there is no problem in this file");
  });

  const entry = fc.record({
    problem: fc.string().filter((text) => text.trim() !== ""),
    answer: fc.integer({ min: 0, max: 999 }),
  });

  property.prop([fc.array(entry, { minLength: 1, maxLength: 10 })])("comes back as it was written", (entries) => {
    const text = entries.map((one) => JSON.stringify(one)).join("\n");
    expect(parseOwnSet(text).map(({ question, answer }) => ({ problem: question, answer }))).toEqual(
      entries.map(({ problem, answer }) => ({ problem: problem.trim(), answer })),
    );
  });

  property.prop([fc.string()])("either has problems or says which line is wrong", (text) => {
    let message = "Line 1: nothing";
    try {
      parseOwnSet(text);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/^Line \d+: /);
  });
});
