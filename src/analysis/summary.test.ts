import { describe, expect, test } from "vitest";
import { formatRate, summarise } from "./summary";
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

  test("entropy after an output is a mean over the tokens that follow one", () => {
    const after = [
      { tokens: 3, mean: 2 },
      { tokens: 0, mean: 0 },
      { tokens: 1, mean: 4 },
    ].map((entropyAfterOutput) => episode({ entropyAfterOutput }));
    expect(summarise(after).entropyAfterOutput).toBe((3 * 2 + 4) / 4);
    expect(summarise(after.slice(1, 2))).not.toHaveProperty("entropyAfterOutput");
  });

  test("groups are all right, all wrong or mixed, and what spoiled an episode is a share", () => {
    const outcomes = [
      [true, true],
      [false, false],
      [true, false],
      [false, false],
    ];
    const groups = outcomes.flatMap((group, i) => group.map((correct) => episode({ group: i, correct })));
    expect(summarise(groups)).toMatchObject({ solvedByAll: 0.25, solvedByNone: 0.5, voidEpisodes: 0 });
    const late = turn("while 1: 1", "timeout");
    const spoiled = episode({ turns: [late, turn("1"), turn("2")], flags: { ...plain.flags, void: true } });
    expect(summarise([spoiled, plain])).toMatchObject({ voidEpisodes: 0.5, snippetTimeouts: 1 / 3 });
  });

  test("rates over nothing are left out", () => {
    expect(summarise([plain])).not.toHaveProperty("snippetTimeouts");
    expect(summarise([plain])).not.toHaveProperty("codePassRate");
    expect(summarise([plain])).not.toHaveProperty("invocationTiming");
    expect(summarise([])).toEqual({});
  });

  test("form is kept where an answer stands and all code is closed", () => {
    const block = (text: string) => ({ kind: "code" as const, text, span: [2, 8] as const });
    const [closed, open] = ["<code>\n1\n</code>", "<code>\n1\n"].map((text) =>
      episode({ answer: 3, segments: [block(text)] }),
    );
    expect(formatRate([closed])).toBe(1);
    expect(formatRate([open])).toBe(0);
    expect(formatRate([closed, { ...closed, answer: null }])).toBe(0.5);
  });
});
