/** Rollouts with real Python and a real policy's KV cache; only the choice of tokens is dictated, by a script. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EpisodeRecord } from "../core/episode";
import { makeRng } from "../core/rng";

import { makePolicy } from "../policy/eager-policy";
import { configFor, initialWeights } from "../policy/initialise";
import type { Decoder, Policy } from "../policy/policy";
import { openSandbox } from "../sandbox/pool";
import type { Sandbox } from "../sandbox/sandbox";
import { chooseBackend } from "../tensor/device";
import type { Problem } from "../tasks/task";
import { answerBlock, codeBlock, promptText } from "../text/grammar";
import { openTokenizer, type Tokenizer } from "../text/tokenizer";
import { collect, type RolloutReport, type RolloutRequest } from "./collector";

const limits = { maxSnippets: 4, maxTokens: 160, outputCharacters: 256, snippetSeconds: 0.5 };
let tokenizer: Tokenizer;
let sandbox: Sandbox;
let policy: Policy;

beforeAll(async () => {
  tokenizer = openTokenizer(await (await fetch("/tokenizer.json")).text());
  await chooseBackend("wasm");
  const size = { hidden: 32, layers: 2, heads: 4, kvHeads: 2, intermediate: 64, maxPositions: 160 };
  const config = configFor({ ...size, vocab: tokenizer.size });
  policy = makePolicy(config, initialWeights(config, makeRng(1)));
  sandbox = await openSandbox({ workers: 1 });
});

afterAll(() => {
  sandbox.close();
  policy.dispose();
});

function problem(id: string, answer: number): Problem {
  const question = `Problem ${id}: which number?`;
  return { id, question, answer, family: "test", kind: "computation", level: 1, worked: [], programs: [] };
}

interface Trial {
  /** What the real policy thought of each token that was taken, by prompt: position to log-probability. */
  thoughts: Map<string, Map<number, number>>;
  /** The rows of every decoding step. */
  steps: number[][];
}

function logSoftmaxAt(logits: Float32Array, offset: number, size: number, token: number): number {
  const row = logits.subarray(offset, offset + size);
  const largest = Math.max(...row);
  return row[token] - largest - Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
}

/** The real policy, whose decoder computes everything but whose choices follow `scripts` (by prompt). */
function dictate(scripts: Map<string, number[]>, trial: Trial): Policy {
  const size = policy.config.vocab_size;
  const wrap = (real: Decoder): Decoder => {
    const rowPrompt = new Map<number, string>();
    const left = new Map<number, number[]>();
    /** Length fed so far; forced tokens are told from chosen ones by what the script says next. */
    const answer = (rows: readonly number[], positions: readonly number[], logits: Float32Array): Float32Array => {
      const dictated = new Float32Array(logits.length).fill(-50);
      rows.forEach((row, i) => {
        const next = left.get(row)?.[0] ?? tokenizer.special["<eos>"];
        dictated[i * size + next] = 50;
        const thought = logSoftmaxAt(logits, i * size, size, next);
        trial.thoughts.get(rowPrompt.get(row) ?? "")?.set(positions[i] + 1, thought);
      });
      return dictated;
    };
    return {
      rows: real.rows,
      capacity: real.capacity,
      prefill: async (rows, prompts) => {
        const logits = await real.prefill(rows, prompts);
        rows.forEach((row, i) => {
          const prompt = tokenizer.decode(prompts[i]);
          rowPrompt.set(row, prompt);
          left.set(row, [...(scripts.get(prompt) ?? [])]);
          trial.thoughts.set(prompt, new Map());
        });
        return answer(
          rows,
          prompts.map((prompt) => prompt.length - 1),
          logits,
        );
      },
      step: async (rows, tokens, positions) => {
        trial.steps.push([...rows]);
        rows.forEach((row, i) => {
          const script = left.get(row);
          if (script && script[0] === tokens[i]) script.shift();
        });
        return answer(rows, positions, await real.step(rows, tokens, positions));
      },
      dispose: () => real.dispose(),
    };
  };
  return {
    ...policy,
    config: policy.config,
    makeDecoder: (rows, capacity) => wrap(policy.makeDecoder(rows, capacity)),
  };
}

async function perform(
  scripts: { problem: Problem; text: string }[],
  own: Partial<RolloutRequest> = {},
): Promise<{ report: RolloutReport; trial: Trial }> {
  const trial: Trial = { thoughts: new Map(), steps: [] };
  const byPrompt = new Map(scripts.map(({ problem: p, text }) => [promptText(p.question), tokenizer.encode(text)]));
  const report = await collect({
    policy: dictate(byPrompt, trial),
    sandbox,
    tokenizer,
    purpose: "train",
    seed: 1,
    step: 1,
    assignments: scripts.map((script, group) => ({ problem: script.problem, group, sample: 0 })),
    limits,
    sampling: { temperature: 1, topP: 1 },
    rows: 64,
    ...own,
  });
  return { report, trial };
}

const interpreter = (episode: EpisodeRecord): string[] => episode.turns.map(({ observation }) => observation);

describe("rollouts around a slow tool", () => {
  test("run each program for real, go on from its output, and reward the answer", async () => {
    const { report } = await perform([
      { problem: problem("a", 42), text: `Let me compute.\n${codeBlock("print(6*7)")}${answerBlock(42)}` },
      { problem: problem("b", 7), text: codeBlock("print(1/0)") + codeBlock("print(7)") + answerBlock(7) },
      { problem: problem("c", 1), text: answerBlock(2) },
    ]);
    const [a, b, c] = report.episodes;
    expect(interpreter(a)).toEqual(["\n<interpreter>\n42\n</interpreter>\n\n"]);
    expect(interpreter(b)[0]).toContain("ZeroDivisionError: division by zero");
    expect([a, b, c].map(({ reward }) => reward)).toEqual([1, 1, -1]);
    expect([a, b, c].map(({ correctByCode }) => correctByCode)).toEqual([true, true, false]);
    expect(b.turns.map(({ status }) => status)).toEqual(["error", "ok"]);
  });

  test("a waiting row does not stop the others", async () => {
    const long = "the sum of the first terms is ".repeat(8);
    const { report, trial } = await perform([
      { problem: problem("slow", 1), text: codeBlock("while True: pass") + answerBlock(1) },
      { problem: problem("quick", 2), text: long + answerBlock(2) },
    ]);
    const [slow, quick] = report.episodes;
    expect(slow.flags.timeout).toBe(true);
    expect(slow.reward).toBe(1);
    const alone = trial.steps.filter((rows) => rows.length === 1 && rows[0] === 1).length;
    const wroteCode = slow.turns[0].codeSpan[1] - slow.promptLength;
    // Everything the quick row wrote after the slow one closed its code was written while that one waited.
    expect(alone).toBeGreaterThanOrEqual(quick.ids.length - quick.promptLength - wroteCode - 3);
  });

  test("the KV cache of a resumed row is the one that teacher forcing would build", async () => {
    const texts = [
      codeBlock("print(6*7)") + codeBlock("for i in range(3):\n  print(i)") + answerBlock(42),
      `Let me compute.\n${answerBlock(3)}`,
      codeBlock("print(") + answerBlock(1),
    ];
    const scripts = texts.map((text, i) => ({ problem: problem(`kv${i}`, 42), text }));
    const { report, trial } = await perform(scripts, { rows: 2 }); // the third takes a row over
    expect(report.episodes).toHaveLength(3);
    for (const episode of report.episodes) {
      const { ids, mask } = episode;
      const forced = await policy.logprobs({ rows: 1, length: ids.length, ids: Int32Array.from(ids) });
      const thoughts = trial.thoughts.get(promptText(episode.problem.question));
      const chosen = ids.flatMap((_, t) => (mask[t] === 1 ? [t] : []));
      for (const t of chosen) expect(Math.abs((thoughts?.get(t) ?? 0) - forced[t - 1])).toBeLessThan(1e-4);
      expect(chosen.length).toBeGreaterThan(8);
    }
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
      sampling: { temperature: 1, topP: 1 },
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
    const work = perform([{ problem: problem("stop", 1), text: "a ".repeat(100) }], {
      signal: controller.signal,
      onStream: ({ index }) => {
        if (index === 30) controller.abort(new Error("told to stop"));
      },
    });
    await expect(work).rejects.toThrow("told to stop");
  });
});
