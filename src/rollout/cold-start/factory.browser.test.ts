/** The cold start's two verifications, with real Python. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeRng } from "../../core/rng";
import { openSandbox } from "../../sandbox/pool";
import { trainingFamilies } from "../../tasks/pools";
import { sampleProblem } from "../../tasks/sample";
import { openTokenizer } from "../../text/tokenizer";
import { makeColdStartData, type Recipe } from "./factory";
import { type Mixture, tokeniseTrace, type Trace } from "./trace";
import { verifyTrace, type VerifyingTools } from "./verify";
import { writeTrace } from "./writer";

let tools: VerifyingTools;

beforeAll(async () => {
  tools = {
    tokenizer: openTokenizer(await (await fetch("/tokenizer.json")).text()),
    sandbox: await openSandbox({ workers: 1 }),
    limits: { fuel: 2_000_000, seconds: 5, outputCharacters: 1024 },
    outputCharacters: 256,
    maxTokens: 192,
    maxSnippets: 4,
  };
});
afterAll(() => tools.sandbox.close());

const reasonFor = (trace: Trace): Promise<string | null> =>
  verifyTrace(trace, tokeniseTrace(trace, tools.tokenizer), tools);

function anyTrace(): Trace {
  const rng = makeRng(4);
  const { trace } = writeTrace(sampleProblem(rng, { families: ["gcd"] }), "twoBlocks", rng);
  if (!trace) throw new Error("a trace of whole programs is always written");
  return trace;
}

const nothing = { direct: 0, worked: 0, oneBlock: 0, twoBlocks: 0, rewritten: 0, exploration: 0 };

const recipe = (mixture: Partial<Mixture & { exploration: number }>, seed: number): Recipe => ({
  problems: { families: [...trainingFamilies.keys()], wordings: ["seen", "told"], exclude: new Set() },
  mixture: { ...nothing, ...mixture },
  rng: makeRng(seed),
});

describe("D_CI", () => {
  test("a trace whose code, output and answer are true stands", async () => {
    expect(await reasonFor(anyTrace())).toBeNull();
  });

  test("a snippet that prints something else drops the trace", async () => {
    const trace = anyTrace();
    const pieces = trace.pieces.map((piece) => ({ ...piece, text: piece.text.replaceAll("print(", "print(1+") }));
    const programs = trace.programs.map((program) => program.replaceAll("print(", "print(1+"));
    expect(await reasonFor({ ...trace, pieces, programs })).toBe("output");
  });

  test("a wrong answer drops the trace", async () => {
    const trace = anyTrace();
    expect(await reasonFor({ ...trace, problem: { ...trace.problem, answer: trace.problem.answer + 1 } })).toBe(
      "answer",
    );
  });

  test("what an episode could not write, in tokens or in snippets, drops the trace", async () => {
    const trace = anyTrace();
    const tokens = tokeniseTrace(trace, tools.tokenizer);
    const { length } = tokens.ids;
    const within = { ...tools, maxTokens: length, maxSnippets: trace.programs.length };
    expect(await verifyTrace(trace, tokens, within)).toBeNull();
    expect(await verifyTrace(trace, tokens, { ...within, maxTokens: length - 1 })).toBe("length");
    expect(await verifyTrace(trace, tokens, { ...within, maxSnippets: trace.programs.length - 1 })).toBe("length");
  });

  test("an unclosed block, or a missing end, drops the trace", async () => {
    const trace = anyTrace();
    const unclosed = trace.pieces.map((piece) => ({ ...piece, text: piece.text.replace("</code>", "") }));
    expect(await reasonFor({ ...trace, pieces: unclosed })).toBe("format");
    const endless = trace.pieces.map((piece) => ({ ...piece, text: piece.text.replace("<eos>", "") }));
    expect(await reasonFor({ ...trace, pieces: endless })).toBe("format");
  });

  test("a trace that writes the interpreter's part itself is dropped: it would teach to forge it", async () => {
    const rng = makeRng(4);
    const { trace } = writeTrace(sampleProblem(rng, { families: ["gcd"] }), "worked", rng);
    if (!trace) throw new Error("a worked trace is always written");
    expect(await reasonFor(trace)).toBeNull();
    const [first, ...others] = trace.pieces;
    for (const forged of ["<interpreter>\n5\n</interpreter>\n", "<bos>", "5<eos>"]) {
      const pieces = [{ ...first, text: forged + first.text }, ...others];
      expect(await reasonFor({ ...trace, pieces })).toBe("format");
    }
  });

  test("a sandbox that fails is no verdict on the trace", async () => {
    const crash = { status: "crash", stdout: "", error: "", line: null, milliseconds: 0, fuel: 0 } as const;
    const failing = { ...tools, sandbox: { ...tools.sandbox, run: () => Promise.resolve(crash) } };
    const trace = anyTrace();
    const verdict = verifyTrace(trace, tokeniseTrace(trace, tools.tokenizer), failing);
    await expect(verdict).rejects.toThrow("The sandbox failed twice");
  });

  test("the mixture is the configured one, nothing true is dropped, no trace corrects an error", async () => {
    const mixture = { direct: 0.1, worked: 0.2, oneBlock: 0.4, twoBlocks: 0.3 };
    const { traces, counts } = await makeColdStartData(recipe(mixture, 2), 400, tools);
    expect(counts.dropped).toMatchObject({ format: 0, answer: 0, output: 0, rewriting: 0 });
    // A few that check twice outgrow the token limit; they are counted, not cut.
    expect(counts.dropped["length"]).toBeLessThan(12);
    expect(traces.length + counts.dropped["length"]).toBe(400);
    for (const style of ["direct", "worked", "oneBlock", "twoBlocks"] as const) {
      expect(Math.abs(counts.kept[style] / 400 - mixture[style])).toBeLessThan(0.08);
    }
    const families = Object.values(counts.families);
    expect(families.reduce((sum, { kept, dropped }) => sum + kept + dropped, 0)).toBe(400);
    expect(tools.sandbox.counts().error).toBe(0);
    expect(traces.every(({ ids, mask }) => ids.length === mask.length)).toBe(true);
  });

  test("what is rewritten runs, prints what the solution says, and is right, failed exploration or not", async () => {
    const { traces, counts } = await makeColdStartData(recipe({ rewritten: 1, exploration: 0.5 }, 5), 600, tools);
    expect(counts.dropped).toMatchObject({ format: 0, answer: 0, output: 0 });
    expect(traces.length).toBe(counts.kept["rewritten"]);
    expect(traces.length).toBeGreaterThan(250);
    expect(tools.sandbox.counts().error).toBe(0);
  });

  test("the same seed gives the same traces", async () => {
    const mixture = { direct: 1, worked: 1, oneBlock: 1, twoBlocks: 1, rewritten: 1, exploration: 0.5 };
    const [a, b] = [1, 2].map(() => makeColdStartData(recipe(mixture, 3), 64, tools));
    expect((await a).traces).toEqual((await b).traces);
  });

  test("a mixture of nothing is refused in words", async () => {
    await expect(makeColdStartData(recipe({}, 1), 4, tools)).rejects.toThrow("mixture");
  });
});
