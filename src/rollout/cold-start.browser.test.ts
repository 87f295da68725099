/** The cold start's two verifications, with real Python. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeRng } from "../core/rng";
import { openSandbox } from "../sandbox/pool";
import { pools } from "../tasks/pools";
import { sampleProblem } from "../tasks/sample";
import { openTokenizer } from "../text/tokenizer";
import {
  makeColdStartData,
  tokeniseTrace,
  verifyTrace,
  writeTrace,
  type ColdStartTools,
  type Trace,
} from "./cold-start";

let tools: ColdStartTools;

beforeAll(async () => {
  tools = {
    tokenizer: openTokenizer(await (await fetch("/tokenizer.json")).text()),
    sandbox: await openSandbox({ workers: 1 }),
    limits: { fuel: 2_000_000, seconds: 5, outputCharacters: 1024 },
    outputCharacters: 256,
    maxTokens: 192,
  };
});
afterAll(() => tools.sandbox.close());

const reasonFor = (trace: Trace): Promise<string | null> =>
  verifyTrace(trace, tokeniseTrace(trace, tools.tokenizer), tools);

function anyTrace(): Trace {
  const rng = makeRng(4);
  return writeTrace(sampleProblem(rng, { families: ["gcd"] }), "twoBlocks", rng);
}

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

  test("an unclosed block, or a missing end, drops the trace", async () => {
    const trace = anyTrace();
    const unclosed = trace.pieces.map((piece) => ({ ...piece, text: piece.text.replace("</code>", "") }));
    expect(await reasonFor({ ...trace, pieces: unclosed })).toBe("format");
    const endless = trace.pieces.map((piece) => ({ ...piece, text: piece.text.replace("<eos>", "") }));
    expect(await reasonFor({ ...trace, pieces: endless })).toBe("format");
  });

  const all = { families: [...pools.families.keys()], exclude: new Set<string>() };

  test("the mixture is the configured one, nothing true is dropped, no trace corrects an error", async () => {
    const mixture = { direct: 0.1, worked: 0.2, oneBlock: 0.4, twoBlocks: 0.3 };
    const data = await makeColdStartData(400, all, mixture, makeRng(2), tools, () => undefined);
    expect(data.dropped).toMatchObject({ format: 0, answer: 0, output: 0 });
    // A few that check twice outgrow the token limit; they are counted, not cut.
    expect(data.dropped.length).toBeLessThan(8);
    expect(data.traces.length + data.dropped.length).toBe(400);
    for (const style of ["direct", "worked", "oneBlock", "twoBlocks"] as const) {
      expect(Math.abs(data.kept[style] / 400 - mixture[style])).toBeLessThan(0.08);
    }
    expect(tools.sandbox.counts().error).toBe(0);
    expect(data.traces.every(({ ids, mask }) => ids.length === mask.length)).toBe(true);
  });

  test("the same seed gives the same traces", async () => {
    const mixture = { direct: 1, worked: 1, oneBlock: 1, twoBlocks: 1 };
    const [a, b] = [1, 2].map(() => makeColdStartData(64, all, mixture, makeRng(3), tools, () => undefined));
    expect((await a).traces).toEqual((await b).traces);
  });

  test("a mixture of nothing is refused in words", async () => {
    const none = { direct: 0, worked: 0, oneBlock: 0, twoBlocks: 0 };
    await expect(makeColdStartData(4, all, none, makeRng(1), tools, () => undefined)).rejects.toThrow("mixture");
  });
});
