import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { makeConfig } from "../../config/presets";
import { makeRng } from "../../core/rng";
import { FaultError } from "../../core/result";
import { curriculumOf } from "../../tasks/curriculum";
import { trainingFamilies } from "../../tasks/pools";
import { makeProblem } from "../../tasks/problem";
import { sampleProblem } from "../../tasks/sample";
import type { Problem } from "../../tasks/task";
import { openTokenizer } from "../../text/tokenizer";
import { messagesOf, parseTraces } from "./messages";
import { rewrite } from "./rewrite";
import { tokeniseTrace, traceStyles } from "./trace";
import { drawTrace, writeTrace } from "./writer";

const families = [...trainingFamilies.values()];

const anyProblem: fc.Arbitrary<Problem> = fc
  .record({
    family: fc.constantFrom(...families),
    level: fc.constantFrom(1 as const, 2 as const, 3 as const),
    seed: fc.nat(),
  })
  .map(({ family, level, seed }) => makeProblem(family, level, seed));

// What the shipped checkpoints were trained on: a new style or setting must not move a draw.
test.each([
  ["spark", "cbee44d2a739828ee26fd31f4d75307d79466"],
  ["discovery", "64529d52fcfcdd02de12ef3097e670aa97974"],
  ["spark-large", "cbee44d2a739828ee26fd31f4d75307d79466"],
  ["wide", "66bd86a47d27b757784288e0693ac775c1bb4"],
  ["spark-text", "fbf01693578f2c7e236eaed5352e2537c13e8"],
] as const)("the traces of %s are those that its checkpoint learned from", (preset, sha256) => {
  const config = makeConfig(preset);
  const { shown, wordings, reserved } = curriculumOf(config);
  const data = makeRng(1).fold("cold-start").fold("data");
  const texts = Array.from({ length: 200 }, (_, i) => {
    const own = data.fold("trace", i);
    const problem = sampleProblem(own.fold("problem"), { families: shown, wordings, exclude: reserved });
    const { trace } = drawTrace(problem, config.coldStart, own);
    return [problem.id, ...(trace?.pieces ?? []).map(({ text }) => text)].join("");
  });
  expect(createHash("sha256").update(texts.join("\n")).digest("hex").slice(0, 37)).toBe(sha256);
});

describe("failed exploration", () => {
  property.prop([anyProblem, fc.nat()])(
    "is a line that is wrong and taken back, before the same line done right",
    (problem, seed) => {
      const { initial } = writeTrace(problem, "worked", makeRng(seed), 1);
      const attempts = initial.filter((line) => line.endsWith(" no"));
      const kept = initial.filter((line) => !line.endsWith(" no"));
      expect(problem.worked).toContain(kept.join("\n"));
      expect(attempts.length).toBeLessThanOrEqual(1);
      for (const attempt of attempts) {
        const right = initial[initial.indexOf(attempt) + 1];
        const [wrong, claim] = [attempt.slice(0, -" no".length), right.slice(0, right.lastIndexOf("=") + 1)];
        expect(wrong).not.toBe(right);
        expect(wrong.startsWith(claim)).toBe(true);
      }
    },
  );

  property.prop([anyProblem, fc.nat(), fc.constantFrom(...traceStyles)])(
    "is never a snippet",
    (problem, seed, style) => {
      const { trace } = writeTrace(problem, style, makeRng(seed), 1);
      const [withIt, without] = [1, 0].map((share) => writeTrace(problem, style, makeRng(seed), share).trace?.programs);
      expect(trace === null || style === "rewritten" || withIt?.join() === without?.join()).toBe(true);
    },
  );
});

describe("rewriting", () => {
  test("replaces the hard stretch by a snippet that knows no more than the text before it", () => {
    const lines = ["17*2=34", "no", "17*40=680", "17*6=102", "680+102=782", "so 782"];
    expect(rewrite("What is 17 times 46? Say 40 and 6.", ["17*40=680", "17*6=102", "680+102=782", "so 782"])).toEqual({
      before: [],
      program: "a=17*40\nb=17*6\nprint(a+b)",
      output: "782",
      after: ["so 782"],
    });
    expect(rewrite("What is 17 times 46? Say 40 and 6.", lines)?.before).toEqual(["17*2=34", "no"]);
  });

  test("names quotient and remainder of a division, and counts on from a result", () => {
    expect(rewrite("multiples of 7 up to 120", ["120=17*7+1", "17*18/2=153", "7*153=1071"])).toMatchObject({
      program: "a,b=divmod(120,7)\nc=a*(a+1)//2\nprint(7*c)",
      output: "1071",
    });
    expect(rewrite("13^3 mod 50", ["13^3=2197", "2197=43*50+47"])).toMatchObject({
      program: "a=13**3\nprint(a%50)",
      output: "47",
    });
  });

  test("leaves alone what is easy, what nobody could know, and what needs a result that is not printed", () => {
    expect(rewrite("3 and 4", ["3*4=12"])).toBeNull();
    expect(rewrite("a question", ["123*456=56088"])).toBeNull();
    expect(rewrite("120 by 7", ["120=17*7+1", "nonsense 17"])).toBeNull();
  });

  property.prop([anyProblem, fc.nat()])("keeps the text before and after it as it was", (problem, seed) => {
    const { initial, trace } = writeTrace(problem, "rewritten", makeRng(seed), 0.5);
    const made = rewrite(problem.question, initial);
    expect(trace === null).toBe(made === null);
    const { before, after } = made ?? { before: [], after: [] };
    expect(initial.slice(0, before.length)).toEqual(before);
    expect(initial.slice(initial.length - after.length)).toEqual(after);
    const kinds = trace?.pieces.map(({ text, source }) => (text.startsWith("<code>") ? "code" : source));
    expect(kinds ?? "none").toEqual(trace ? ["policy", "code", "interpreter", "policy", "policy"] : "none");
  });
});

const tokenizer = openTokenizer(readFileSync("public/tokenizer.json", "utf8"));

describe("traces as messages", () => {
  property.prop([anyProblem, fc.nat(), fc.constantFrom(...traceStyles)])(
    "come back token for token",
    (problem, seed, style) => {
      const { trace } = writeTrace(problem, style, makeRng(seed), 0.5);
      fc.pre(trace !== null);
      const messages = [{ role: "system", content: "Be brief." }, ...messagesOf(trace)];
      const [{ line, trace: back }] = parseTraces(`\n${JSON.stringify({ messages })}`);
      expect(line).toBe(2);
      expect(tokeniseTrace(back, tokenizer)).toEqual(tokeniseTrace(trace, tokenizer));
      expect(back.programs).toEqual(trace.programs);
      expect(back.problem.answer).toBe(problem.answer);
    },
  );

  const user = { role: "user", content: "What is 2+2?" };
  const answer = { role: "assistant", content: "<answer>\n\\boxed{4}\n</answer>" };
  const call = { type: "function", function: { name: "code_interpreter", arguments: { code: "print(2+2)" } } };
  const good = JSON.stringify({ messages: [user, answer] });

  test.each([
    ["", "Line 1: there is no trace in this file."],
    [`${good}\n\nnot json`, "Line 3: this is not JSON."],
    [`${good}\n[]`, "Line 2: it: "],
    [JSON.stringify({ messages: [answer] }), "Line 1: the messages begin with assistant, not user."],
    [JSON.stringify({ messages: [user, { role: "critic", content: "" }] }), "Line 1: messages.1.role: "],
    [
      JSON.stringify({ messages: [user, { ...answer, content: "<answer>\\boxed{1/2}</answer>" }] }),
      "Line 1: the answer, \\boxed{1/2}, is no whole number.",
    ],
    [JSON.stringify({ messages: [user, { role: "assistant", content: "4" }] }), "does not end with <answer>"],
    [JSON.stringify({ messages: [user, { ...answer, tool_calls: [call] }] }), "Line 1: the roles are user, assistant;"],
    [JSON.stringify({ messages: [user, answer, answer] }), "Line 1: the roles are user, assistant, assistant;"],
    [
      JSON.stringify({ messages: [user, { ...answer, tool_calls: [{ ...call, type: "x" }] }, answer] }),
      "tool_calls.0.type",
    ],
  ])("refuses %j by its line", (text, message) => {
    expect(() => parseTraces(text)).toThrow(message);
    expect(() => parseTraces(text)).toThrow(FaultError);
  });
});
