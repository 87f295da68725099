import { describe, expect, test } from "vitest";
import type { EpisodeRecord } from "../core/episode";
import type { StreamPiece } from "../core/events";
import { blocksOfEpisode, blocksOfPieces, errorOf } from "./blocks";

const stream = (...parts: [StreamPiece["source"], string][]): StreamPiece[] =>
  parts.map(([source, text], index) => ({ episode: "train/1/0/0", index, text, source, probability: 1 }));

describe("blocks of an episode that is being written", () => {
  const whole = stream(
    ["question", "What is 2^5?\n"],
    ["policy", "Let me "],
    ["policy", "compute."],
    ["policy", "<code>"],
    ["policy", "\n```python\n"],
    ["policy", "print(2**5)"],
    ["policy", "\n```\n"],
    ["policy", "</code>"],
    ["interpreter", "\n<interpreter>\n"],
    ["interpreter", "32"],
    ["interpreter", "\n</interpreter>\n\n"],
    ["policy", "<answer>"],
    ["policy", "\n\\boxed{32}\n"],
    ["policy", "</answer>"],
    ["policy", "<eos>"],
  );

  test("are text, code, output and answer, without tags and fences", () => {
    expect(blocksOfPieces(whole)).toEqual([
      { kind: "text", text: "Let me compute." },
      { kind: "code", text: "print(2**5)" },
      { kind: "interpreter", text: "32" },
      { kind: "answer", text: "32" },
    ]);
  });

  test("only ever grow at the end, and the last is open", () => {
    const kinds = whole.map((_, end) => blocksOfPieces(whole.slice(0, end)).map((block) => block.kind));
    for (const [end, now] of kinds.entries()) {
      const before = kinds[Math.max(0, end - 1)];
      expect(now.slice(0, before.length)).toEqual(before);
    }
    expect(blocksOfPieces(whole.slice(0, 6)).at(-1)).toEqual({ kind: "code", text: "print(2**5)", open: true });
  });

  test("an interpreter that forges a tag stays interpreter", () => {
    const forged = stream(["policy", "<code>x</code>"], ["interpreter", "<answer>7</answer>"], ["policy", "so"]);
    expect(blocksOfPieces(forged).map((block) => block.kind)).not.toContain("answer");
  });
});

describe("errors", () => {
  test("are known by the name that leads the last line", () => {
    expect(errorOf("1\nNameError: name 'gcd' is not defined")).toEqual({
      name: "NameError",
      message: "name 'gcd' is not defined",
    });
    expect(errorOf("32").name).toBe("");
    expect(errorOf("the Error is 3").name).toBe("");
  });
});

describe("blocks of a finished episode", () => {
  const turn = { stdout: "", observation: "", milliseconds: 1, codeSpan: [0, 1], observationSpan: [1, 2] } as const;
  const segment = { span: [0, 1] } as const;
  const segments: EpisodeRecord["segments"] = [
    { ...segment, kind: "question", text: "<bos>What?\n" },
    { ...segment, kind: "code", text: "<code>\n```python\ngcd(1)\n```\n</code>", turn: 0 },
    { ...segment, kind: "interpreter", text: "\n<interpreter>\nNameError: no\n</interpreter>\n\n", turn: 0 },
    { ...segment, kind: "code", text: "<code>\n```python\nprint(1)\n```\n</code>", turn: 1 },
    { ...segment, kind: "interpreter", text: "\n<interpreter>\n1\n</interpreter>\n\n", turn: 1 },
    { ...segment, kind: "text", text: "<eos>" },
  ];

  test("mark the snippet that mended a failed one, and drop what has no text", () => {
    const turns: EpisodeRecord["turns"] = [
      { ...turn, code: "gcd(1)", status: "error", error: "NameError: no" },
      { ...turn, code: "print(1)", status: "ok", error: "" },
    ];
    const blocks = blocksOfEpisode({ segments, turns } as EpisodeRecord);
    expect(blocks.map(({ kind, mended }) => [kind, mended ?? false])).toEqual([
      ["code", false],
      ["interpreter", false],
      ["code", true],
      ["interpreter", false],
    ]);
    expect(blocks[1].status).toBe("error");
  });
});
