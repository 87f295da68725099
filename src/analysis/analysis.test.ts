import { describe, expect, test } from "vitest";
import { findSelfCorrection } from "./self-correction";
import { summarise } from "./summary";
import { episode, turn } from "./testing/episode";

describe("what episodes show (Figure 3)", () => {
  const plain = episode({ turns: [], mask: [0, 0, 1, 1, 1, 1, 1, 1, 1, 1], entropy: 0.5, reward: -1, correct: false });
  const values = summarise([episode({}), plain]);

  test("lengths count the policy's tokens, or all after the prompt", () => {
    expect(values.responseLength).toBe((6 + 8) / 2);
    expect(values.responseLengthWithInterpreter).toBe(8);
  });

  test("code is counted in episodes, lines, snippets and the place of the first", () => {
    expect(values).toMatchObject({ codeRatio: 0.5, codeLines: 1, snippets: 0.5, codePassRate: 1 });
    expect(values.invocationTiming).toBe(2 / 8);
    expect(values.sandboxSeconds).toBe(0.5);
  });

  test("entropy is a mean over tokens, not over episodes", () => {
    expect(values.entropy).toBeCloseTo((6 * 1 + 8 * 0.5) / 14, 12);
  });

  test("rates over nothing are left out", () => {
    expect(summarise([plain])).not.toHaveProperty("codePassRate");
    expect(summarise([plain])).not.toHaveProperty("invocationTiming");
    expect(summarise([])).toEqual({});
  });
});

describe("self-correction", () => {
  const failed = turn("print(", "error", [2, 3], [3, 5]);
  const mended = turn("print(1)", "ok", [5, 6], [6, 8]);

  test("is a first snippet that failed, a later different one that ran, and a right answer", () => {
    expect(findSelfCorrection({ turns: [failed, mended], correct: true })).toEqual({ failed: 0, mended: 1 });
    expect(findSelfCorrection({ turns: [failed, failed, mended], correct: true })).toEqual({ failed: 0, mended: 2 });
  });

  test.each([
    ["a wrong answer", [failed, mended], false],
    ["a first snippet that ran", [mended, failed], true],
    ["the same snippet again", [failed, { ...failed, status: "ok" as const }], true],
    ["nothing that ran", [failed, failed], true],
    ["no snippet", [], true],
  ])("is not %s", (_, turns, correct) => {
    expect(findSelfCorrection({ turns, correct })).toBeNull();
  });
});
