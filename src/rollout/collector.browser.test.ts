/**
 * Rollouts with real Python and a real policy, which has learned a few solutions by heart, so that it is known what it
 * will write.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EpisodeRecord } from "../core/episode";
import { makeRng } from "../core/rng";
import { makeBatch, type TokenSequence } from "../learn/batch";
import { makePolicy } from "../policy/engine-policy";
import { configFor, initialWeights } from "../policy/initialise";
import type { Policy, Written } from "../policy/policy";
import { openSandbox } from "../sandbox/pool";
import type { Sandbox, SnippetLimits } from "../sandbox/sandbox";
import { chooseBackend } from "../tensor/device";
import type { Problem } from "../tasks/task";
import { answerBlock, codeBlock, promptText } from "../text/grammar";
import { openTokenizer, type Tokenizer } from "../text/tokenizer";
import { collect, type RolloutReport, type RolloutRequest } from "./collector";
import { acceptToken, insertObservation, openEpisode } from "./episode";

/** An endless loop is ended by its fuel; the clock is there for a machine that has much else to do. */
const snippet: SnippetLimits = { fuel: 200_000, seconds: 60, outputCharacters: 1024 };
const limits = { tool: "on" as const, maxSnippets: 4, maxTokens: 160, outputCharacters: 256, snippet };
let tokenizer: Tokenizer;
let sandbox: Sandbox;
let policy: Policy;

function problem(id: string, answer: number): Problem {
  const question = `Problem ${id}: which number?`;
  return { id, question, answer, family: "test", kind: "computation", level: 1, worked: [], programs: [] };
}

interface Script {
  problem: Problem;
  text: string;
}

/** What the policy writes for each problem. */
const scripts = {
  right: {
    problem: problem("a", 42),
    text: `Let me compute.\n${codeBlock("print(6*7)")}${answerBlock(42)}`,
  },
  mended: {
    problem: problem("b", 7),
    text: codeBlock("print(1/0)") + codeBlock("print(7)") + answerBlock(7),
  },
  wrong: { problem: problem("c", 1), text: answerBlock(2) },
  slow: { problem: problem("slow", 1), text: codeBlock("while True: pass") + answerBlock(1) },
  quick: { problem: problem("quick", 2), text: "the sum of the first terms is ".repeat(8) + answerBlock(2) },
  unopened: { problem: problem("d", 3), text: `</code> It is 3.${answerBlock(3)}` },
} satisfies Record<string, Script>;

/** A script as the tokens of the episode that follows it, what Python prints included. */
async function follow({ problem: { question }, text }: Script): Promise<TokenSequence> {
  const live = openEpisode(tokenizer.encode(promptText(question)), limits);
  for (const token of [...tokenizer.encode(text), tokenizer.special["<eos>"]]) {
    const program = acceptToken(live, { token, logprob: 0, policyLogprob: 0, entropy: 0 }, limits, tokenizer);
    if (program === null) continue;
    const result = await sandbox.run(program, snippet);
    insertObservation(live, program, result, limits, tokenizer);
  }
  return live;
}

/** Fine-tunes the policy until it knows every script. */
async function learnByHeart(): Promise<void> {
  const traces = await Promise.all(Object.values(scripts).map(follow));
  const batch = { kind: "supervised", ...makeBatch(traces, tokenizer.special["<pad>"]) } as const;
  const settings = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0, gradientClip: 1 };
  let loss = Infinity;
  for (let step = 0; loss > 0.005; step++) {
    if (step === 800) throw new Error(`after ${step} steps the loss is still ${loss}`);
    ({ loss } = await policy.update(batch, { ...settings, learningRate: 5e-3 * Math.min(1, (step + 1) / 20) }));
  }
}

beforeAll(async () => {
  tokenizer = openTokenizer(await (await fetch("/tokenizer.json")).text());
  sandbox = await openSandbox({ workers: 1 });
  const size = { hidden: 48, layers: 2, heads: 4, kvHeads: 2, intermediate: 96, maxPositions: 160 };
  const config = configFor({ ...size, vocab: tokenizer.size });
  policy = makePolicy(await chooseBackend("wasm"), config, initialWeights(config, makeRng(1)));
  await learnByHeart();
});

afterAll(() => {
  sandbox.close();
  policy.dispose();
});

interface Performance {
  report: RolloutReport;
  /** What rows wrote, call by call. */
  written: Written[][];
}

async function perform(
  chosen: readonly Script[],
  own: Partial<RolloutRequest> = {},
  onWritten: (rows: readonly Written[]) => void = () => undefined,
): Promise<Performance> {
  const written: Written[][] = [];
  const makeDecoder: Policy["makeDecoder"] = (settings) => {
    const decoder = policy.makeDecoder(settings);
    return {
      rows: decoder.rows,
      capacity: decoder.capacity,
      begin: (episodes) => decoder.begin(episodes),
      resume: (row, tokens) => decoder.resume(row, tokens),
      release: (row) => decoder.release(row),
      advance: async () => {
        const rows = await decoder.advance();
        written.push(rows);
        onWritten(rows);
        return rows;
      },
      dispose: () => decoder.dispose(),
    };
  };
  const watched: RolloutRequest["policy"] = { makeDecoder };
  const report = await collect({
    policy: watched,
    sandbox,
    tokenizer,
    purpose: "train",
    seed: 1,
    step: 1,
    assignments: chosen.map((script, group) => ({ problem: script.problem, group, sample: 0 })),
    limits,
    sampling: { temperature: 0.1, topP: 1 },
    rows: 64,
    ...own,
  });
  return { report, written };
}

const interpreter = (episode: EpisodeRecord): string[] => episode.turns.map(({ observation }) => observation);

describe("rollouts around a slow tool", () => {
  test("run each program for real, go on from its output, and reward the answer", async () => {
    const { report } = await perform([scripts.right, scripts.mended, scripts.wrong]);
    const [a, b, c] = report.episodes;
    expect(interpreter(a)).toEqual(["\n<interpreter>\n42\n</interpreter>\n\n"]);
    expect(interpreter(b)[0]).toContain("ZeroDivisionError: division by zero");
    expect([a, b, c].map(({ reward }) => reward)).toEqual([1, 1, -1]);
    expect([a, b, c].map(({ correctByCode }) => correctByCode)).toEqual([true, true, false]);
    expect(b.turns.map(({ status }) => status)).toEqual(["error", "ok"]);
  });

  test("go on after a closing tag that closes nothing", async () => {
    const { report } = await perform([scripts.unopened]);
    expect(report.episodes[0]).toMatchObject({ reward: 1, turns: [], flags: { void: false } });
  });

  test("a waiting row does not stop the others", async () => {
    const quickRow = 1;
    const end = tokenizer.special["<eos>"];
    let endQuick: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (endQuick = resolve));
    // Python gives its answer to the slow row when the quick one has written its last token, and not before.
    const late: Sandbox = {
      run: async (...request) => {
        const result = await sandbox.run(...request);
        await ended;
        return result;
      },
      counts: () => sandbox.counts(),
      killWorker: () => sandbox.killWorker(),
      close: () => sandbox.close(),
    };
    const { report, written } = await perform([scripts.slow, scripts.quick], { sandbox: late }, (rows) => {
      if (rows.some(({ row, tokens }) => row === quickRow && tokens.includes(end))) endQuick();
    });
    const [slow, quick] = report.episodes;
    expect(slow.flags.timeout).toBe(true);
    expect(slow.reward).toBe(1);
    const alone = written
      .filter((rows) => rows.length === 1 && rows[0].row === quickRow)
      .flatMap((rows) => rows[0].tokens);
    const wroteCode = slow.turns[0].codeSpan[1] - slow.promptLength;
    // Everything the quick row wrote after the slow one closed its code was written while that one waited.
    expect(alone.length).toBeGreaterThanOrEqual(quick.ids.length - quick.promptLength - wroteCode - 3);
  });

  test("what a resumed row thought of its tokens is what teacher forcing thinks of them", async () => {
    const chosen = [scripts.mended, scripts.right, scripts.wrong];
    // The third takes a row over.
    const { report } = await perform(chosen, { rows: 2, sampling: { temperature: 1, topP: 1 } });
    expect(report.episodes).toHaveLength(3);
    for (const { ids, mask, logprobs, policyLogprobs } of report.episodes) {
      const forced = await policy.logprobs({ rows: 1, length: ids.length, ids: Int32Array.from(ids) });
      const chosen = ids.flatMap((_, t) => (mask[t] === 1 ? [t] : []));
      for (const t of chosen) expect(Math.abs(policyLogprobs[t] - forced[t - 1])).toBeLessThan(1e-4);
      expect(policyLogprobs).toEqual(logprobs);
      expect(chosen.length).toBeGreaterThan(4);
    }
  });

  test("a cold sampler's log-probabilities stand beside the policy's own", async () => {
    const { report } = await perform([scripts.right], { sampling: { temperature: 0.5, topP: 0.9 } });
    const [{ logprobs, policyLogprobs, mask }] = report.episodes;
    const gaps = logprobs.map((logprob, t) => (mask[t] === 1 ? logprob - policyLogprobs[t] : 0));
    expect(Math.max(...gaps)).toBeGreaterThan(0);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(-1e-6);
  });

  test("an episode's tokens depend neither on its row nor on its neighbours", async () => {
    const problems = ["x", "y", "z", "w"].map((id) => problem(id, 1));
    const assignments = problems.map((p, group) => ({ problem: p, group, sample: 0 }));
    const request = {
      policy,
      sandbox,
      tokenizer,
      purpose: "train",
      seed: 5,
      step: 2,
      limits: { ...limits, maxTokens: 60 },
      sampling: { temperature: 2, topP: 1 },
    } as const;
    const together = await collect({ ...request, assignments, rows: 4 });
    const inTurn = await collect({ ...request, assignments: assignments.toReversed(), rows: 1 });
    const names = (report: RolloutReport): Map<string, string> =>
      new Map(report.episodes.map(({ id, ids }) => [id, ids.join(" ")]));
    expect(names(inTurn)).toEqual(names(together));
    expect(new Set(names(together).values()).size).toBe(4);
  });

  test("an aborted rollout stops in the middle, with its reason", async () => {
    const controller = new AbortController();
    const work = perform([scripts.quick], {
      signal: controller.signal,
      onStream: ({ index }) => {
        if (index === 30) controller.abort(new Error("told to stop"));
      },
    });
    await expect(work).rejects.toThrow("told to stop");
  });
});
