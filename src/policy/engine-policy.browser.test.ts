import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { keyAt, makeRng } from "../core/rng";
import { type Backend, chooseBackend } from "../tensor/device";
import { makePolicy } from "./engine-policy";
import { configFor, initialWeights } from "./initialise";
import type { LlamaConfig, Policy, PolicyBatch, SequenceBatch, Weights } from "./policy";
import { adamW } from "./testing/batch";

/** Unlike ours in every optional part: grouped heads, biases, an untied head, a critic; and no size a multiple of 4. */
const rich: LlamaConfig = {
  ...configFor({ hidden: 18, layers: 2, heads: 3, kvHeads: 1, intermediate: 10, vocab: 17, maxPositions: 32 }),
  architectures: ["Qwen2ForCausalLM"],
  model_type: "qwen2",
  attention_bias: true,
  tie_word_embeddings: false,
  value_head: true,
};

/** Weights large enough that attention attends somewhere, biases included. */
function weightsFor(config: LlamaConfig, seed: number): Weights {
  const weights = initialWeights(config, makeRng(seed));
  const rng = makeRng(seed).fold("more");
  for (const { values } of weights.values())
    for (let i = 0; i < values.length; i++) values[i] += 0.3 * (rng.float() - 0.5);
  return weights;
}

function batchFor(config: LlamaConfig, rows: number, length: number, seed: number): PolicyBatch {
  const rng = makeRng(seed);
  const count = rows * (length - 1);
  return {
    kind: "policy",
    rows,
    length,
    ids: Int32Array.from({ length: rows * length }, () => rng.int(0, config.vocab_size - 1)),
    weights: Float32Array.from({ length: count }, () => (rng.float() < 0.5 ? 0 : 1 / count)),
    oldLogprobs: Float32Array.from({ length: count }, () => -2.8 + 0.4 * (rng.float() - 0.5)),
    advantages: Float32Array.from({ length: count }, () => rng.float() - 0.5),
    clipLow: 0.2,
    clipHigh: 0.28,
    dualClip: 10,
  };
}

/** The largest difference of two lists; infinite where their lengths differ. */
function farthest(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((gap, value, i) => Math.max(gap, Math.abs(value - b[i])), 0);
}

function largestGap(a: Weights, b: Weights): number {
  return Math.max(...[...a].map(([name, { values }]) => farthest(values, b.get(name)?.values ?? new Float32Array())));
}

async function update(policy: Policy, batch: PolicyBatch): Promise<number> {
  const { loss } = await policy.update(batch, adamW);
  return loss;
}

interface Written {
  ids: number[];
  /** Position to the decoder's log-probability of the token there. */
  logprobs: Map<number, number>;
  readLogprobs: number[];
}

const capacity = 24;

/** Lets episodes be written in rows of their choice; one that stops reads a few tokens and goes on until it is full. */
async function write(
  policy: Policy,
  rows: number,
  episodes: { row: number; prompt: number[]; key: number }[],
  stops: number[],
  order: (seats: number[]) => number[] = (seats) => seats,
): Promise<Map<number, Written>> {
  const decoder = policy.makeDecoder({ rows, capacity, sampling: { temperature: 1, topP: 1 }, stops });
  const found = new Map<number, Written>();
  const waiting = [...episodes];
  while (waiting.length > 0 || found.size > [...found.values()].filter(({ ids }) => ids.length === capacity).length) {
    const taken = new Set<number>();
    const next = waiting.filter(({ row }) => {
      const busy = found.get(row);
      if (taken.has(row) || (busy && busy.ids.length < capacity)) return false;
      taken.add(row);
      return true;
    });
    if (found.size === 0 || next.length > 0) {
      await decoder.begin(next);
      for (const episode of next) {
        waiting.splice(waiting.indexOf(episode), 1);
        found.set(episode.row, { ids: [...episode.prompt], logprobs: new Map(), readLogprobs: [] });
      }
    }
    const stopped: number[] = [];
    for (const { row, tokens, policyLogprobs, readLogprobs } of await decoder.advance()) {
      const own = found.get(row);
      if (!own) throw new Error(`row ${row} wrote without having begun`);
      own.readLogprobs.push(...readLogprobs);
      tokens.forEach((token, i) => {
        own.logprobs.set(own.ids.length, policyLogprobs[i]);
        own.ids.push(token);
      });
      const last = tokens.at(-1);
      if (last !== undefined && stops.includes(last) && own.ids.length < capacity) stopped.push(row);
    }
    for (const row of order(stopped)) {
      const own = found.get(row);
      const inserted = [3, 1, 4].slice(0, capacity - 1 - (own?.ids.length ?? 0));
      decoder.resume(row, inserted);
      own?.ids.push(...inserted);
    }
  }
  decoder.dispose();
  return found;
}

describe.each(["cpu", "wasm", "webgpu"] as const)("on %s", (name) => {
  let backend: Backend;
  const make = (config: LlamaConfig, seed: number, tokenBudget?: number): Policy =>
    makePolicy(backend, config, weightsFor(config, seed), { tokenBudget });

  beforeAll(async () => {
    backend = await chooseBackend(name);
  });

  test("the decoder's log-probabilities are those of teacher forcing, for rows that start, stop and go on on their own", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), async (seed) => {
        const policy = make(rich, seed);
        const rng = makeRng(seed).fold("schedule");
        const prompt = (): number[] => Array.from({ length: rng.int(1, 9) }, () => rng.int(0, 16));
        const shared = prompt();
        const episodes = [shared, prompt(), shared, prompt()].map((prompt, row) => ({
          row,
          prompt,
          key: rng.uint32(),
        }));
        const written = await write(policy, 4, rng.shuffle(episodes), [0, 5, 10], (rows) => rng.shuffle(rows));
        let compared = 0;
        for (const { ids, logprobs } of written.values()) {
          const forced = await policy.logprobs({ rows: 1, length: ids.length, ids: Int32Array.from(ids) });
          for (const [position, logprob] of logprobs) {
            expect(logprob).toBeCloseTo(forced[position - 1], 4);
            compared++;
          }
        }
        expect(compared).toBeGreaterThan(20);
        policy.dispose();
      }),
      { numRuns: 6 },
    );
  });

  test("an episode's tokens depend on its key, not on its row or its neighbours", async () => {
    const policy = make(rich, 1);
    const episodes = [0, 1, 2, 3, 4].map((i) => ({ prompt: [i, 2 * i, 7], key: keyAt(9, i) }));
    const together = await write(
      policy,
      5,
      episodes.map((episode, row) => ({ ...episode, row })),
      [0],
    );
    for (const [i, episode] of episodes.entries()) {
      for (const row of [0, 4]) {
        const alone = await write(policy, 5, [{ ...episode, row }], [0]);
        expect(alone.get(row)?.ids).toEqual(together.get(i)?.ids);
      }
    }
    const other = await write(policy, 1, [{ ...episodes[0], row: 0, key: 1 }], [0]);
    expect(other.get(0)?.ids).not.toEqual(together.get(0)?.ids);
    policy.dispose();
  });

  test("a row that takes a new prompt forgets the old one", async () => {
    const policy = make(rich, 1);
    const [first, second] = [
      { row: 0, prompt: [1, 2, 3, 4, 5, 6], key: 1 },
      { row: 0, prompt: [9, 10], key: 2 },
    ];
    const inTurn = await write(policy, 1, [first, second], []);
    const alone = await write(policy, 1, [second], []);
    expect(inTurn.get(0)?.ids).toEqual(alone.get(0)?.ids);
    policy.dispose();
  });

  test("a decoder says how likely the policy held what it was made to read", async () => {
    const policy = make(rich, 3);
    const written = await write(policy, 1, [{ row: 0, prompt: [4, 2], key: 5 }], [0, 2, 4, 6, 8, 10, 12, 14, 16]);
    const { ids, logprobs, readLogprobs } = written.get(0) ?? { ids: [], logprobs: new Map(), readLogprobs: [] };
    const forced = await policy.logprobs({ rows: 1, length: ids.length, ids: Int32Array.from(ids) });
    const read = ids.flatMap((_, t) => (t >= 2 && !logprobs.has(t) ? [forced[t - 1]] : []));
    expect(read.length).toBeGreaterThan(2);
    expect(farthest(Float32Array.from(readLogprobs), Float32Array.from(read))).toBeLessThan(1e-4);
    policy.dispose();
  });

  test("a decoder refuses what does not fit", async () => {
    const policy = make(rich, 1);
    const sampling = { temperature: 1, topP: 1 };
    const decoder = policy.makeDecoder({ rows: 2, capacity: 4, sampling, stops: [] });
    const begin = (row: number, prompt: number[]): Promise<void> => decoder.begin([{ row, prompt, key: 0 }]);
    await expect(begin(0, [1, 2, 3, 4])).rejects.toThrow("leave no room to write in a row of 4");
    await expect(begin(2, [1])).rejects.toThrow("row 2 is not one");
    await expect(begin(0, [])).rejects.toThrow("a prompt is empty");
    await expect(begin(0, [17])).rejects.toThrow("not in the vocabulary");
    const twice = { row: 0, prompt: [1], key: 0 };
    await expect(decoder.begin([twice, twice])).rejects.toThrow("listed twice");
    expect(() => decoder.resume(0, [])).toThrow("has not stopped");
    await begin(0, [1]);
    await expect(begin(0, [1])).rejects.toThrow("still writing");
    decoder.dispose();
    policy.dispose();
  });

  test("parts of a batch add up to the whole, to the gradient's rounding", async () => {
    const batch = batchFor(rich, 5, 11, 2);
    const [whole, cut] = [make(rich, 2, 1000), make(rich, 2, 16)];
    const [a, b] = [await whole.accumulate(batch), await cut.accumulate(batch)];
    expect(b.loss).toBeCloseTo(a.loss, 5);
    expect(b.entropy).toBeCloseTo(a.entropy, 5);
    expect(b.largestLogprobGap).toBeCloseTo(a.largestLogprobGap, 5);
    expect(largestGap(await whole.gradients(), await cut.gradients())).toBeLessThan(1e-6);
    whole.dispose();
    cut.dispose();
  });

  test("an update reports what accumulating and then applying report", async () => {
    const batch = batchFor(rich, 5, 11, 8);
    const [together, apart] = [make(rich, 2, 40), make(rich, 2, 40)];
    const statistics = await apart.accumulate(batch);
    const norm = await apart.applyGradients(adamW);
    expect(await together.update(batch, adamW)).toEqual({ ...statistics, ...norm });
    expect(await together.weights()).toEqual(await apart.weights());
    together.dispose();
    apart.dispose();
  });

  test("tokens past the last weighted one, and rows without weight, change nothing", async () => {
    const batch = batchFor(rich, 3, 9, 4);
    batch.weights.fill(0, 5, 8);
    batch.weights.fill(0, 8, 16);
    const changed = { ...batch, ids: batch.ids.slice() };
    changed.ids.fill(3, 6, 9);
    changed.ids.fill(3, 9, 18);
    const policy = make(rich, 4);
    const before = await policy.accumulate(batch);
    const gradients = await policy.gradients();
    await policy.applyGradients({ ...adamW, learningRate: 0 });
    expect(await policy.accumulate(changed)).toEqual(before);
    expect(await policy.gradients()).toEqual(gradients);
    policy.dispose();
  });

  test("training is the same again from a saved state, to the last bit", async () => {
    const batch = batchFor(rich, 4, 10, 3);
    const first = make(rich, 3);
    await update(first, batch);
    const [weights, state] = [await first.weights(), await first.optimizerState()];
    const resumed = makePolicy(backend, rich, weights);
    resumed.loadOptimizerState(state);
    expect(await update(resumed, batch)).toBe(await update(first, batch));
    expect(await resumed.weights()).toEqual(await first.weights());
    first.dispose();
    resumed.dispose();
  });

  test("memory is the same after every step, and nothing is left behind", async () => {
    const batch = batchFor(rich, 4, 10, 3);
    const before = make(rich, 3);
    before.dispose();
    const none = before.memory();
    const policy = make(rich, 3);
    const losses = [];
    const memories: ReturnType<Policy["memory"]>[] = [];
    for (let i = 0; i < 6; i++) {
      losses.push(await update(policy, batch));
      await write(policy, 2, [{ row: 1, prompt: [1, 2], key: i }], []);
      memories.push(policy.memory());
    }
    expect(memories).toEqual(memories.map(() => memories[0]));
    expect(losses[5]).toBeLessThan(losses[0]);
    policy.dispose();
    expect(policy.memory()).toEqual(none);
  });

  test("supervised steps raise the likelihood of what they are shown", async () => {
    const size = { hidden: 16, layers: 1, heads: 2, kvHeads: 2, intermediate: 24, vocab: 11, maxPositions: 16 };
    const config = configFor(size);
    const policy = makePolicy(backend, config, initialWeights(config, makeRng(1)));
    const { rows, length, ids } = batchFor(config, 2, 8, 5);
    const batch = { kind: "supervised", rows, length, ids, weights: new Float32Array(14).fill(1 / 14) } as const;
    const { loss, entropy } = await policy.accumulate(batch);
    expect(loss).toBeGreaterThan(2);
    expect(entropy).toBeGreaterThan(2);
    for (let i = 0; i < 30; i++) await policy.update(batch, adamW);
    expect((await policy.accumulate(batch)).loss).toBeLessThan(loss / 3);
    policy.dispose();
  });

  test("a gradient that is not finite is refused, and the weights stay", async () => {
    const policy = make(rich, 6);
    const batch = batchFor(rich, 2, 6, 6);
    batch.advantages[0] = NaN;
    batch.weights[0] = 1;
    const before = await policy.weights();
    await expect(policy.update(batch, adamW)).rejects.toThrow("NaN or Infinity");
    expect(await policy.weights()).toEqual(before);
    expect((await policy.optimizerState()).step).toBe(0);
    expect((await policy.applyGradients(adamW)).gradientNorm).toBe(0);
    // Nothing of it is left in the step after it.
    const fresh = make(rich, 6);
    const good = batchFor(rich, 2, 6, 7);
    expect(await update(policy, good)).toBe(await update(fresh, good));
    expect(await policy.weights()).toEqual(await fresh.weights());
    policy.dispose();
    fresh.dispose();
  });

  test("a critic learns the returns on the policy's own body", async () => {
    const policy = make(rich, 7);
    const batch = batchFor(rich, 3, 8, 7);
    const returns = batch.advantages.map((a) => 2 * a);
    const sequences: SequenceBatch = { rows: 3, length: 8, ids: batch.ids };
    const error = async (): Promise<number> => {
      const values = await policy.values(sequences);
      return returns.reduce((sum, r, i) => sum + batch.weights[i] * (values[i] - r) ** 2, 0);
    };
    const first = await error();
    const errors: number[] = [];
    for (let i = 0; i < 40; i++) {
      const oldValues = await policy.values(sequences);
      const critic = { oldValues, returns, valueClip: 0.2, valueCoefficient: 1 };
      const { valueError } = await policy.update({ ...batch, advantages: new Float32Array(21), critic }, adamW);
      errors.push(valueError);
    }
    expect(errors[0]).toBeCloseTo(first, 4);
    expect(await error()).toBeLessThan(first / 4);
    policy.dispose();
  });

  test("a ledger lists the likeliest tokens of every prediction, and sums up what is asked of them", async () => {
    const policy = make(rich, 8);
    const { rows, length, ids } = batchFor(rich, 2, 6, 8);
    const { logprobs, entropies, topIds, topLogprobs, k } = await policy.ledger({ rows, length, ids });
    expect(k).toBe(5);
    expect(farthest(logprobs, await policy.logprobs({ rows, length, ids }))).toBeLessThan(1e-5);
    for (let i = 0; i < rows * (length - 1); i++) {
      const top = topLogprobs.subarray(i * k, (i + 1) * k);
      expect([...top]).toEqual([...top].sort((a, b) => b - a));
      expect(new Set(topIds.subarray(i * k, (i + 1) * k)).size).toBe(k);
      const target = ids[Math.floor(i / (length - 1)) * length + (i % (length - 1)) + 1];
      const place = topIds.subarray(i * k, (i + 1) * k).indexOf(target);
      // A target that is not listed is less likely than all that are.
      const listed = place < 0 ? Math.min(top[k - 1], logprobs[i]) : top[place];
      expect(listed).toBeCloseTo(logprobs[i], 4);
      expect(entropies[i]).toBeLessThanOrEqual(Math.log(17) + 1e-5);
    }
    policy.dispose();
  });
});

test("lists that do not fit the batch are refused by what is needed", async () => {
  const policy = makePolicy(await chooseBackend("wasm"), rich, weightsFor(rich, 1));
  const batch = batchFor(rich, 2, 6, 1);
  await expect(policy.accumulate({ ...batch, weights: new Float32Array(3) })).rejects.toThrow("2 x 5");
  await expect(policy.logprobs({ ...batch, ids: new Int32Array(3) })).rejects.toThrow("2 x 6");
  await expect(policy.logprobs({ ...batch, ids: batch.ids.map(() => -1) })).rejects.toThrow("vocabulary");
  policy.dispose();
});
