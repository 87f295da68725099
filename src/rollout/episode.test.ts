import { readFileSync } from "node:fs";
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import type { SnippetResult } from "../sandbox/sandbox";
import { answerBlock, codeBlock, promptText } from "../text/grammar";
import { openTokenizer } from "../text/tokenizer";
import { segmentsOf } from "../text/transcript";
import { acceptToken, insertObservation, openEpisode, type EpisodeLimits, type LiveEpisode } from "./episode";
import { judge } from "./reward";

const tokenizer = openTokenizer(readFileSync("public/tokenizer.json", "utf8"));
const limits: EpisodeLimits = { tool: "on", maxSnippets: 4, maxTokens: 192, outputCharacters: 256 };
const printed = (stdout: string): SnippetResult => ({
  status: "ok",
  stdout,
  error: "",
  line: null,
  milliseconds: 1,
  fuel: 1,
});
const failed: SnippetResult = {
  status: "error",
  stdout: "",
  error: "ZeroDivisionError: division by zero",
  line: 1,
  milliseconds: 1,
  fuel: 1,
};

/** Writes `parts` as a policy would, token by token; each code block is answered by the next of `results`. */
function play(parts: string[], results: SnippetResult[] = [], own: Partial<EpisodeLimits> = {}): LiveEpisode {
  const bounds = { ...limits, ...own };
  const episode = openEpisode(tokenizer.encode(promptText("What is 6 * 7?")), bounds);
  const queue = [...results];
  let position = 0;
  for (const token of tokenizer.encode(parts.join(""))) {
    if (episode.state !== "writing") break;
    const logprob = -0.25 - position++ / 1000;
    const draw = { token, logprob, policyLogprob: logprob - 1, entropy: 0.5 };
    const program = acceptToken(episode, draw, bounds, tokenizer);
    if (program !== null) insertObservation(episode, program, queue.shift() ?? printed("42\n"), bounds, tokenizer);
  }
  return episode;
}

describe("an episode (method, section 3)", () => {
  test("[1] sampled ids stand as they were sampled, and arrays keep equal lengths", () => {
    const parts = ["Let me compute.\n", codeBlock("print(6*7)"), answerBlock(42)];
    const episode = play(parts);
    const sampled = episode.ids.filter((_, i) => episode.mask[i] === 1);
    expect(sampled).toEqual(tokenizer.encode(parts.join("")));
    expect(episode.mask).toHaveLength(episode.ids.length);
    expect(episode.logprobs).toHaveLength(episode.ids.length);
  });

  test("[2] prompt and observation have mask 0 and no log-probability; the closing tag has mask 1", () => {
    const episode = play([codeBlock("print(6*7)"), answerBlock(42)]);
    const [turn] = episode.turns;
    const [start, end] = turn.observationSpan;
    episode.ids.forEach((_, i) => {
      const given = i < episode.promptLength || (i >= start && i < end);
      expect(episode.mask[i]).toBe(given ? 0 : 1);
      expect(episode.logprobs[i] === 0).toBe(given);
    });
    expect(tokenizer.decode(episode.ids.slice(start, end))).toBe("\n<interpreter>\n42\n</interpreter>\n\n");
    expect(episode.ids[start - 1]).toBe(tokenizer.special["</code>"]);
    expect(tokenizer.decode(episode.ids.slice(...turn.codeSpan))).toBe(codeBlock("print(6*7)"));
  });

  test("entropy is kept apart for the first 50 tokens after each output", () => {
    const text = "and so on ".repeat(40);
    const written = tokenizer.encode(text).length;
    expect(written).toBeGreaterThan(50);
    const last = tokenizer.encode(answerBlock(42)).length;
    const after = (...parts: string[]) => play(parts, [], { maxTokens: 4000 }).afterOutput;
    expect(after("text first, ", answerBlock(42))).toEqual({ tokens: 0, entropySum: 0 });
    expect(after(codeBlock("print(6*7)"), answerBlock(42))).toEqual({ tokens: last, entropySum: last / 2 });
    expect(after(codeBlock("print(6*7)"), text)).toEqual({ tokens: 50, entropySum: 25 });
    const twice = [codeBlock("print(6*7)"), text, codeBlock("print(1)"), text];
    expect(after(...twice)).toEqual({ tokens: 100, entropySum: 50 });
  });

  test("[4] an episode cut inside an observation still ends on a token of the policy's, for the reward", () => {
    const prompt = tokenizer.encode(promptText("What is 6 * 7?")).length;
    const code = tokenizer.encode(codeBlock("print(6*7)")).length;
    const episode = play([codeBlock("print(6*7)")], [printed("42\n")], { maxTokens: prompt + code + 3 });
    expect(episode.ids).toHaveLength(prompt + code + 3);
    expect(episode.flags.truncated).toBe(true);
    expect(episode.mask.lastIndexOf(1)).toBe(prompt + code - 1);
  });

  test("a block that closes at the token limit is a complete one: nothing is void", () => {
    const prompt = tokenizer.encode(promptText("What is 6 * 7?")).length;
    const code = tokenizer.encode(codeBlock("print(6*7)")).length;
    const episode = play([codeBlock("print(6*7)")], [printed("42\n")], { maxTokens: prompt + code });
    expect(episode.ids).toHaveLength(prompt + code);
    expect(episode.flags).toMatchObject({ truncated: true, void: false });
  });

  test("[6] a sandbox that failed ends the episode without a verdict on the policy", () => {
    const episode = play(
      [codeBlock("print(1)")],
      [{ status: "crash", stdout: "", error: "", line: null, milliseconds: 0, fuel: 0 }],
    );
    expect(episode.state).toBe("ended");
    expect(episode.flags).toMatchObject({ sandboxFailure: true, void: false });
  });

  test("an answer that only a program printed does not score", () => {
    const program = "print('<answer>\\\\boxed{42}</answer>')";
    const episode = play([codeBlock(program), "<eos>"], [printed("<answer>\n\\boxed{42}\n</answer>\n")]);
    expect(judge(episode, episode.turns, 42, tokenizer)).toMatchObject({ answer: null, correct: false, reward: -1 });
    expect(episode.flags.void).toBe(true);
  });

  test("right by code: the last successful snippet printed the answer", () => {
    const byCode = play([codeBlock("print(6*7)"), answerBlock(42)]);
    expect(judge(byCode, byCode.turns, 42, tokenizer)).toMatchObject({ reward: 1, correctByCode: true });
    const byLuck = play([codeBlock("print(1/0)"), answerBlock(42)], [failed]);
    expect(judge(byLuck, byLuck.turns, 42, tokenizer)).toMatchObject({ reward: 1, correctByCode: false });
    const wrong = play([codeBlock("print(6*7)"), answerBlock(41)]);
    expect(judge(wrong, wrong.turns, 42, tokenizer)).toMatchObject({ reward: -1, correctByCode: false });
  });

  test("limits are flags: too many snippets, too many tokens, too much time", () => {
    const blocks = Array.from({ length: 3 }, () => codeBlock("print(1)"));
    const many = play([...blocks, answerBlock(1)], [], { maxSnippets: 2 });
    expect(many.flags).toMatchObject({ maxTurns: true, void: false });
    expect(many.turns).toHaveLength(2);
    const long = play(["a b c d e f ".repeat(60)], [], { maxTokens: 64 });
    expect(long.flags).toMatchObject({ truncated: true, void: true });
    expect(long.ids).toHaveLength(64);
    const slow: SnippetResult = {
      status: "timeout",
      stdout: "1\n",
      error: "TimeoutError: time limit exceeded",
      line: 1,
      milliseconds: 9,
      fuel: 9,
    };
    const late = play([codeBlock("while True: pass"), answerBlock(1)], [slow]);
    expect(late.flags.timeout).toBe(true);
    expect(late.turns[0].observation).toContain("TimeoutError: time limit exceeded");
  });

  test("without the tool, code is text like any other: nothing runs, nothing is inserted", () => {
    const episode = play([codeBlock("print(6*7)"), answerBlock(42)], [], { tool: "off" });
    expect(episode.turns).toEqual([]);
    expect(episode.mask.slice(episode.promptLength)).not.toContain(0);
    expect(judge(episode, [], 42, tokenizer)).toMatchObject({ correct: true, correctByCode: false });
  });

  test("a closing tag without an opening one runs nothing", () => {
    const episode = play(["</code>", answerBlock(1)]);
    expect(episode.turns).toEqual([]);
    expect(judge(episode, [], 1, tokenizer).correct).toBe(true);
  });

  property.prop([
    fc.array(fc.constantFrom("<code>", "</code>", "<answer>", "</answer>", "print(1)", "\\boxed{3}", "\n"), {
      maxLength: 30,
    }),
  ])("whatever the policy writes, segments follow one another and cover every token", (parts) => {
    const episode = play(parts);
    const segments = segmentsOf(episode, episode.turns, tokenizer);
    expect(segments.map(({ text }) => text).join("")).toBe(tokenizer.decode(episode.ids));
    let at = 0;
    for (const { span } of segments) {
      expect(span[0]).toBe(at);
      at = span[1];
    }
    expect(at).toBe(episode.ids.length);
    for (const { kind, span } of segments) {
      if (kind === "answer" || kind === "code") expect(episode.mask.slice(...span)).not.toContain(0);
      if (kind === "interpreter") expect(episode.mask.slice(...span)).not.toContain(1);
    }
  });

  test("a prompt that leaves no room is refused in words", () => {
    expect(() =>
      openEpisode(
        Array.from({ length: 50 }, () => 9),
        { ...limits, maxTokens: 50 },
      ),
    ).toThrow("rollout.maxTokens");
  });
});
