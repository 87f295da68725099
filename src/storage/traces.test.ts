import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import type { DropReason, Message, TraceRecord } from "../core/cold-start";
import { linesOfParquet, traceLines, traceParquet } from "./traces";

const anyText = fc.string({ unit: "grapheme" });

const turn = fc.tuple(anyText, anyText, anyText).map(([content, code, output]): Message[] => [
  {
    role: "assistant",
    content,
    tool_calls: [{ type: "function", function: { name: "code_interpreter", arguments: { code } } }],
  },
  { role: "tool", content: output },
]);

const anyMessages = fc
  .tuple(anyText, fc.array(turn, { maxLength: 3 }), anyText)
  .map(([question, turns, answer]): Message[] => [
    { role: "user", content: question },
    ...turns.flat(),
    { role: "assistant", content: answer },
  ]);

const record = (messages: Message[] | null, dropped: DropReason | null = null): TraceRecord => ({
  number: 0,
  problem: { id: "gcd/1/1", family: "gcd", kind: "number-theory", level: 1, question: "", answer: 0 },
  initial: ["7=2*3+1", "so 1"],
  style: "oneBlock",
  pieces: [],
  messages,
  tokens: 0,
  dropped,
});

const read = (lines: string): unknown[] =>
  lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);

property.prop([fc.array(anyMessages, { minLength: 1, maxLength: 5 })], { numRuns: 60 })(
  "both files give back the messages to the letter",
  async (all) => {
    const records = all.map((messages) => record(messages));
    const expected = all.map((messages) => ({ messages }));
    expect(read(traceLines(records)).map((row) => ({ messages: (row as { messages: unknown }).messages }))).toEqual(
      expected,
    );
    expect(read(await linesOfParquet(await traceParquet(records)))).toEqual(expected);
  },
);

test("a row keeps what verl reads, and what the trace was made from", () => {
  expect(read(traceLines([record([{ role: "user", content: "q" }])]))).toEqual([
    {
      messages: [{ role: "user", content: "q" }],
      tools: [expect.objectContaining({ type: "function" })],
      data_source: "retool-lab",
      family: "gcd",
      style: "oneBlock",
      initial: "7=2*3+1\nso 1",
    },
  ]);
});

test("what was dropped is in no file, and a file that is no Parquet is refused", async () => {
  expect(traceLines([record(null, "rewriting"), record([{ role: "user", content: "q" }], "output")])).toBe("");
  await expect(linesOfParquet(new TextEncoder().encode("not a table").buffer)).rejects.toThrow("parquet");
});
