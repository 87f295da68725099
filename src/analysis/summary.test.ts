import { describe, expect, test } from "vitest";
import { formatRate, summarise } from "./summary";
import { episode } from "./testing/episode";

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
