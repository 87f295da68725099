import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { makeRng } from "../core/rng";
import { chooseBackend } from "../tensor/device";
import { makePolicy } from "./eager-policy";
import { configFor, initialWeights } from "./initialise";
import type { AdamWSettings, LlamaConfig, Policy, PolicyUpdateBatch, Weights } from "./policy";

const settings: AdamWSettings = {
  learningRate: 1e-2,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0.01,
  gradientClip: 1,
};

/** Unlike ours in every optional part: grouped heads, biases, an untied head. */
const rich: LlamaConfig = {
  ...configFor({ hidden: 12, layers: 2, heads: 3, kvHeads: 1, intermediate: 10, vocab: 17, maxPositions: 32 }),
  architectures: ["Qwen2ForCausalLM"],
  model_type: "qwen2",
  attention_bias: true,
  tie_word_embeddings: false,
};

/** Weights large enough that attention attends somewhere, biases included. */
function weightsFor(config: LlamaConfig, seed: number): Weights {
  const weights = initialWeights(config, makeRng(seed));
  const rng = makeRng(seed).fold("more");
  for (const { values } of weights.values())
    for (let i = 0; i < values.length; i++) values[i] += 0.3 * (rng.float() - 0.5);
  return weights;
}

function batchFor(config: LlamaConfig, rows: number, length: number, seed: number): PolicyUpdateBatch {
  const rng = makeRng(seed);
  const count = rows * (length - 1);
  return {
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

function logSoftmaxAt(logits: Float32Array, target: number): number {
  const highest = Math.max(...logits);
  return logits[target] - highest - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0));
}

/** The largest difference of two lists; infinite where their lengths differ. */
function farthest(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((gap, value, i) => Math.max(gap, Math.abs(value - b[i])), 0);
}

function largestGap(a: Weights, b: Weights): number {
  return Math.max(...[...a].map(([name, { values }]) => farthest(values, b.get(name)?.values ?? new Float32Array())));
}

async function update(policy: Policy, batch: PolicyUpdateBatch): Promise<number> {
  const { loss } = await policy.accumulatePolicy(batch);
  await policy.applyGradients(settings);
  return loss;
}

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(async () => {
    await chooseBackend(backend);
  });

  test("the decoder gives what teacher forcing gives, for rows that start, wait and resume at their own positions", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), fc.integer({ min: 3, max: 17 }), async (seed, length) => {
        const policy = makePolicy(rich, weightsFor(rich, seed));
        const rows = 3;
        const { ids } = batchFor(rich, rows, length, seed);
        const expected = await policy.logprobs({ rows, length, ids });
        const decoder = policy.makeDecoder(rows, length);
        const rng = makeRng(seed).fold("schedule");
        const at = [0, 1, 2].map(() => rng.int(1, length - 1));
        const check = (row: number, position: number, logits: Float32Array): void => {
          const target = ids[row * length + position + 1];
          expect(logSoftmaxAt(logits, target)).toBeCloseTo(expected[row * (length - 1) + position], 4);
        };
        const order = rng.shuffle([0, 1, 2]);
        const prompts = order.map((row) => [...ids.subarray(row * length, row * length + at[row])]);
        const first = await decoder.prefill(order, prompts);
        order.forEach((row, i) => check(row, at[row] - 1, first.subarray(i * 17, (i + 1) * 17)));
        while (at.some((position) => position < length - 1)) {
          const going = rng.shuffle([0, 1, 2]).filter((row) => at[row] < length - 1 && rng.float() < 0.7);
          const tokens = going.map((row) => ids[row * length + at[row]]);
          const logits = await decoder.step(
            going,
            tokens,
            going.map((row) => at[row]),
          );
          going.forEach((row, i) => check(row, at[row]++, logits.subarray(i * 17, (i + 1) * 17)));
        }
        decoder.dispose();
        policy.dispose();
      }),
      { numRuns: 6 },
    );
  });

  test("a row that takes a new prompt forgets the old one, and its neighbours do not notice", async () => {
    const policy = makePolicy(rich, weightsFor(rich, 1));
    const decoder = policy.makeDecoder(2, 16);
    await decoder.prefill(
      [0, 1],
      [
        [1, 2, 3, 4, 5, 6],
        [7, 8],
      ],
    );
    const again = await decoder.prefill([0], [[9, 10]]);
    const other = policy.makeDecoder(1, 16);
    expect(farthest(again, await other.prefill([0], [[9, 10]]))).toBeLessThan(1e-5);
    await other.prefill([0], [[7, 8]]);
    const neighbour = await decoder.step([1], [11], [2]);
    expect(farthest(neighbour, await other.step([0], [11], [2]))).toBeLessThan(1e-5);
    for (const one of [decoder, other, policy]) one.dispose();
  });

  test("a decoder refuses what does not fit", async () => {
    const policy = makePolicy(rich, weightsFor(rich, 1));
    const decoder = policy.makeDecoder(2, 4);
    await expect(decoder.prefill([0], [[1, 2, 3, 4, 5]])).rejects.toThrow("does not fit into a cache of 4");
    await expect(decoder.step([0], [1], [4])).rejects.toThrow("does not fit into a cache of 4");
    await expect(decoder.step([2], [1], [0])).rejects.toThrow("row 2 is not one");
    await expect(decoder.step([0, 0], [1, 1], [0, 1])).rejects.toThrow("listed twice");
    await expect(decoder.step([0], [17], [0])).rejects.toThrow("not in the vocabulary");
    expect(await decoder.step([], [], [])).toHaveLength(0);
    decoder.dispose();
    policy.dispose();
  });

  test("micro-batches add up to the whole, to the gradient's rounding", async () => {
    const batch = batchFor(rich, 5, 11, 2);
    const whole = makePolicy(rich, weightsFor(rich, 2), 1000);
    const cut = makePolicy(rich, weightsFor(rich, 2), 16);
    const [a, b] = [await whole.accumulatePolicy(batch), await cut.accumulatePolicy(batch)];
    expect(b.loss).toBeCloseTo(a.loss, 5);
    expect(b.entropy).toBeCloseTo(a.entropy, 5);
    expect(b.largestLogprobGap).toBeCloseTo(a.largestLogprobGap, 5);
    expect(largestGap(await whole.gradients(), await cut.gradients())).toBeLessThan(1e-6);
    whole.dispose();
    cut.dispose();
  });

  test("tokens past the last weighted one, and rows without weight, change nothing", async () => {
    const batch = batchFor(rich, 3, 9, 4);
    batch.weights.fill(0, 5, 8);
    batch.weights.fill(0, 8, 16);
    const changed = { ...batch, ids: batch.ids.slice() };
    changed.ids.fill(3, 6, 9);
    changed.ids.fill(3, 9, 18);
    const policy = makePolicy(rich, weightsFor(rich, 4));
    const before = await policy.accumulatePolicy(batch);
    const gradients = await policy.gradients();
    await policy.applyGradients({ ...settings, learningRate: 0 });
    expect(await policy.accumulatePolicy(changed)).toEqual(before);
    expect(await policy.gradients()).toEqual(gradients);
    policy.dispose();
  });

  test("training is the same again from a saved state, to the last bit, and leaves no tensor behind", async () => {
    const batch = batchFor(rich, 4, 10, 3);
    const first = makePolicy(rich, weightsFor(rich, 3));
    await update(first, batch);
    const [weights, state] = [await first.weights(), await first.optimizerState()];
    const resumed = makePolicy(rich, weights);
    resumed.loadOptimizerState(state);
    expect(await update(resumed, batch)).toBe(await update(first, batch));
    expect(await resumed.weights()).toEqual(await first.weights());
    const alive = first.memory();
    const losses = [];
    for (let i = 0; i < 5; i++) losses.push(await update(first, batch));
    expect(first.memory()).toEqual(alive);
    expect(losses[4]).toBeLessThan(losses[0]);
    first.dispose();
    resumed.dispose();
    expect(first.memory().tensors).toBe(0);
  });

  test("supervised steps raise the likelihood of what they are shown", async () => {
    const config = configFor({
      hidden: 16,
      layers: 1,
      heads: 2,
      kvHeads: 2,
      intermediate: 24,
      vocab: 11,
      maxPositions: 16,
    });
    const policy = makePolicy(config, initialWeights(config, makeRng(1)));
    const batch = batchFor(config, 2, 8, 5);
    batch.weights.fill(1 / 14);
    const { loss, entropy } = await policy.accumulateSupervised(batch);
    expect(loss).toBeGreaterThan(2);
    expect(entropy).toBeGreaterThan(2);
    for (let i = 0; i < 30; i++) {
      await policy.applyGradients(settings);
      await policy.accumulateSupervised(batch);
    }
    expect((await policy.accumulateSupervised(batch)).loss).toBeLessThan(loss / 3);
    policy.dispose();
  });

  test("a gradient that is not finite is refused, and the weights stay", async () => {
    const policy = makePolicy(rich, weightsFor(rich, 6));
    const batch = batchFor(rich, 2, 6, 6);
    batch.advantages[0] = NaN;
    batch.weights[0] = 1;
    const before = await policy.weights();
    await policy.accumulatePolicy(batch);
    await expect(policy.applyGradients(settings)).rejects.toThrow("NaN or Infinity");
    expect(await policy.weights()).toEqual(before);
    expect((await policy.applyGradients(settings)).gradientNorm).toBe(0);
    policy.dispose();
  });
});

test("lists that do not fit the batch are refused by what is needed", async () => {
  await chooseBackend("wasm");
  const policy = makePolicy(rich, weightsFor(rich, 1));
  const batch = batchFor(rich, 2, 6, 1);
  await expect(policy.accumulatePolicy({ ...batch, weights: new Float32Array(3) })).rejects.toThrow("2 x 5");
  await expect(policy.logprobs({ ...batch, ids: new Int32Array(3) })).rejects.toThrow("2 x 6");
  await expect(policy.logprobs({ ...batch, ids: batch.ids.map(() => -1) })).rejects.toThrow("vocabulary");
  policy.dispose();
});
