/** What a compiled policy asks of the GPU: counts, sizes and bindings, which no result would give away. */
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeConfig } from "../config/presets";
import { keyAt, makeRng } from "../core/rng";
import { findAdapter, openGpu } from "../tensor/adapter";
import { chooseBackend } from "../tensor/device";
import { GpuMeter } from "../tensor/gpu-meter";
import { Gpu } from "../tensor/plan/gpu";
import { defaultTuning, type Tile, type Tuning } from "../tensor/plan/tuning";
import { checkBindings, listenTo, type Told } from "../tensor/testing/bindings";
import { testGpu, tunings } from "../tensor/testing/plan";
import { makePolicy, type PolicyOptions } from "./engine-policy";
import { configFor, initialWeights } from "./initialise";
import { activationBytes } from "./llama";
import type { LlamaConfig, Policy, Weights } from "./policy";
import { adamW as settings, randomBatch } from "./testing/batch";
import { backendOn, writeRows } from "./testing/plan";

/** Four layers, as small as they get. */
const fourLayers = configFor({
  hidden: 16,
  layers: 4,
  heads: 2,
  kvHeads: 1,
  intermediate: 20,
  vocab: 33,
  maxPositions: 64,
});

const meter = new GpuMeter();
let gpu: Gpu;
const open: Policy[] = [];

beforeAll(async () => {
  gpu = await testGpu();
});

afterEach(() => {
  for (const policy of open.splice(0)) policy.dispose();
});

function policyOn(
  tuning: Tuning,
  config = fourLayers,
  options: PolicyOptions = {},
  device: Gpu = gpu,
  now?: () => number,
): Policy {
  const policy = makePolicy(backendOn(device, tuning, now), config, initialWeights(config, makeRng(1)), options);
  open.push(policy);
  return policy;
}

function bitsOf(weights: Weights): number[] {
  return [...weights.values()].flatMap(({ values }) => [...new Uint32Array(values.slice().buffer)]);
}

describe("what is asked of the GPU", () => {
  test("a training step of four layers is one submission of at most 110 dispatches, and makes nothing new", async () => {
    const policy = policyOn(defaultTuning(gpu.traits));
    const batch = randomBatch(fourLayers, 3, 20);
    await policy.update(batch, settings);
    for (let step = 0; step < 3; step++) {
      meter.take();
      await policy.update(batch, settings);
      const { dispatches, writes, ...others } = meter.take();
      expect(dispatches).toBeLessThanOrEqual(110);
      expect(dispatches).toBeGreaterThan(50);
      expect(writes).toBeLessThanOrEqual(2);
      expect(others).toEqual({ submits: 1, readbacks: 1, newBuffers: 0, newBindGroups: 0, newPipelines: 0 });
    }
  });

  test("a decoding step of four layers is at most 24 dispatches, many to a submission and one readback each", async () => {
    // On a clock that stands still every submission is as long as they get, so that none ends in the middle.
    const policy = policyOn(defaultTuning(gpu.traits), fourLayers, {}, gpu, () => 0);
    const capacity = 2 + 2 * 32;
    await writeRows(policy, { rows: 3, capacity, key: (row) => keyAt(7, row) });
    await writeRows(policy, { rows: 3, capacity, key: (row) => keyAt(8, row), begun: () => void meter.take() });
    const { dispatches, submits, readbacks, newBuffers, newBindGroups, newPipelines } = meter.take();
    expect(dispatches).toBeGreaterThan(0);
    expect(dispatches / (capacity - 2)).toBeLessThanOrEqual(24);
    expect(submits).toBeLessThanOrEqual((capacity - 2) / 2);
    expect(readbacks).toBeLessThanOrEqual(submits);
    expect([newBuffers, newBindGroups, newPipelines]).toEqual([0, 0, 0]);
  });

  test("with submissions side by side, no step is asked for when every row will be full", async () => {
    // On a GPU two submissions are under way; on a clock that stands still each is as long as they get.
    const eager = new Gpu(gpu.device, { ...gpu.traits, software: false });
    const policy = policyOn(defaultTuning(gpu.traits), fourLayers, {}, eager, () => 0);
    const lengths = [1, 5, 13, 41];
    const stepsOf = async (length: number): Promise<number> => {
      const begun = (): void => void meter.take();
      await writeRows(policy, { rows: 2, capacity: 2 + length, key: (row) => keyAt(9, row), begun });
      const { dispatches, submits } = meter.take();
      // A submission begins with one dispatch of its own.
      return dispatches - submits;
    };
    const counts: number[] = [];
    for (const length of lengths) counts.push(await stepsOf(length));
    expect(counts[0]).toBeGreaterThan(10);
    expect(counts).toEqual(lengths.map((length) => length * counts[0]));
  });

  test("nothing grows over 500 steps of training and decoding", async () => {
    const policy = policyOn(defaultTuning(gpu.traits));
    const batch = randomBatch(fourLayers, 2, 8);
    const step = async (): Promise<void> => {
      await policy.update(batch, settings);
      await policy.logprobs({ rows: 2, length: 8, ids: batch.ids });
    };
    await step();
    await writeRows(policy, { rows: 2, capacity: 6, key: (row) => row });
    const held = policy.memory();
    const seen = meter.memory();
    for (let i = 0; i < 500; i++) {
      await step();
      if (i % 50 === 0) await writeRows(policy, { rows: 2, capacity: 6, key: (row) => row });
    }
    expect(policy.memory()).toEqual(held);
    expect(meter.memory()).toEqual(seen);
  });

  test.each([
    ["classroom", 300, {}],
    ["studio", 1024, {}],
    // Ten million parameters.
    ["studio", 1024, { hidden: 384, heads: 12, kvHeads: 12, intermediate: 1024 }],
  ] as const)("%s with 64 rows of 256 tokens stays within %i MB", async (preset, megabytes, wider) => {
    const shape = { ...makeConfig(preset).policy, ...wider };
    const config = configFor({ ...shape, vocab: 512, maxPositions: 256 });
    const hardware = { ...defaultTuning(gpu.traits), gradientSlices: 8 };
    const policy = policyOn(hardware, config);
    const before = policy.memory().bytes;
    const batch = randomBatch(config, 1, 4);
    await policy.update(batch, settings);
    await policy.logprobs({ rows: 1, length: 4, ids: batch.ids });
    const decoder = policy.makeDecoder({ rows: 64, capacity: 256, sampling: { temperature: 1, topP: 1 }, stops: [1] });
    await decoder.begin([{ row: 0, prompt: [1, 2], key: 1 }]);
    await decoder.advance();
    decoder.dispose();
    expect(policy.memory().bytes).toBeGreaterThan(before);
    expect(policy.memory().bytes).toBeLessThan(megabytes * 2 ** 20);
  });

  test("the estimate of a token's activations is close, and never too low", async () => {
    const config = configFor({ ...makeConfig("spark").policy, vocab: 512, maxPositions: 256 });
    const policy = policyOn(defaultTuning(gpu.traits), config);
    const before = policy.memory().bytes;
    await policy.update(randomBatch(config, 1, 4), settings);
    const perToken = (policy.memory().bytes - before) / 4096;
    expect(activationBytes(config) / perToken).toBeGreaterThan(1);
    expect(activationBytes(config) / perToken).toBeLessThan(1.35);
  });

  test("less memory means smaller runs, and the same update", async () => {
    const batch = randomBatch(fourLayers, 40, 40);
    const update = async (memoryBudget?: number) => {
      const policy = policyOn(defaultTuning(gpu.traits), fourLayers, { memoryBudget });
      const statistics = await policy.update(batch, settings);
      const { bytes } = policy.memory();
      policy.dispose();
      open.pop();
      return { ...statistics, bytes };
    };
    const [a, b] = [await update(), await update(2 ** 20)];
    expect(b.loss).toBeCloseTo(a.loss, 5);
    expect(b.gradientNorm).toBeCloseTo(a.gradientNorm, 4);
    expect(b.bytes).toBeLessThan(a.bytes / 4);
  });
});

test.each([
  ["spread on the GPU", 4096],
  ["uploaded as they stand", 96],
])("inputs that are %s leave nothing of an earlier run's, longer or shorter", async (_, tokenBudget) => {
  const still = { ...settings, learningRate: 0, weightDecay: 0 };
  const make = (): Policy => policyOn(defaultTuning(gpu.traits), fourLayers, { tokenBudget });
  const used = make();
  for (const [seed, [rows, length]] of [
    [3, 9],
    [7, 31],
    [1, 2],
    [5, 30],
    [7, 31],
    [2, 47],
  ].entries()) {
    const batch = randomBatch(fourLayers, rows, length, { seed, share: 0.6 });
    const fresh = make();
    expect(await used.logprobs(batch)).toEqual(await fresh.logprobs(batch));
    expect(await used.update(batch, still)).toEqual(await fresh.update(batch, still));
  }
});

describe("what differs between adapters", () => {
  async function trained(tuning: Tuning): Promise<number[]> {
    const policy = policyOn(tuning);
    const batch = randomBatch(fourLayers, 5, 23);
    await policy.update(batch, settings);
    await policy.update(batch, settings);
    return bitsOf(await policy.weights());
  }

  test.each(Object.keys(tunings))("with %s, the same steps twice are the same to the last bit", async (name) => {
    const first = await trained(tunings[name]);
    expect(await trained(tunings[name])).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(100);
  });

  test("how products are cut changes no bit of a step", async () => {
    const base = defaultTuning(gpu.traits);
    const tiles: Tile[] = [
      { family: "registers", m: 8, n: 8, depth: 1, share: false, group: [8, 8] },
      { family: "registers", m: 4, n: 8, depth: 3, share: false, group: [8, 8] },
      { family: "registers", m: 8, n: 16, depth: 2, share: true, group: [4, 1] },
      { family: "registers", m: 16, n: 16, depth: 2, share: true, group: [4, 1] },
      { family: "workgroup", m: 1 },
      { family: "workgroup", m: 4 },
    ];
    const results = [];
    for (const tile of tiles) results.push(await trained({ ...base, tiles: { nt: tile, nn: tile, tn: tile } }));
    for (const result of results) expect(result).toEqual(results[0]);
  });

  test.each(Object.keys(tunings))(
    "with %s, an episode is the same in every row, and with any neighbours",
    async (name) => {
      const policy = policyOn(tunings[name]);
      const [rows, capacity] = [5, 20];
      const together = await writeRows(policy, { rows, capacity, key: (row) => keyAt(1, row) });
      for (let turned = 1; turned < rows; turned++) {
        const other = await writeRows(policy, { rows, capacity, key: (row) => keyAt(1, (row + turned) % rows) });
        for (let row = 0; row < rows; row++) {
          expect(other.tokens[row]).toEqual(together.tokens[(row + turned) % rows]);
          expect(other.logprobs[row]).toEqual(together.logprobs[(row + turned) % rows]);
        }
      }
      const alone = await writeRows(policy, { rows: 1, capacity, key: () => keyAt(1, 3) });
      expect(alone.tokens[0]).toEqual(together.tokens[3]);
      alone.logprobs[0].forEach((logprob, i) => expect(logprob).toBeCloseTo(together.logprobs[3][i], 5));
    },
  );

  test.each(Object.keys(tunings))(
    "with %s, tokens are drawn as the softmax says: chi-square over 4,096 draws",
    async (name) => {
      const policy = policyOn(tunings[name]);
      const rows = 512;
      const counts = new Float64Array(fourLayers.vocab_size);
      for (let round = 0; round < 8; round++) {
        // Room for one token: every draw follows the same prompt.
        const { tokens } = await writeRows(policy, { rows, capacity: 3, key: (row) => keyAt(11, round, row) });
        for (const [token] of tokens) counts[token]++;
      }
      const prompt = [1, 2];
      const ids = Array.from({ length: fourLayers.vocab_size }, (_, token) => [...prompt, token]).flat();
      const logprobs = await policy.logprobs({ rows: fourLayers.vocab_size, length: 3, ids: Int32Array.from(ids) });
      const draws = counts.reduce((sum, count) => sum + count, 0);
      let statistic = 0;
      counts.forEach((count, token) => {
        const expected = draws * Math.exp(logprobs[2 * token + 1]);
        statistic += (count - expected) ** 2 / expected;
      });
      // 32 degrees of freedom: 62.5 is passed once in a thousand times by a fair sampler, and the seed is fixed.
      expect(statistic).toBeLessThan(62.5);
      expect(statistic).toBeGreaterThan(10);
    },
  );
});

test("WebGPU and WebAssembly take the same five steps: no loss is further apart than a thousandth", async () => {
  const config = configFor({ ...makeConfig("spark").policy, vocab: 512, maxPositions: 256 });
  const wasm = makePolicy(await chooseBackend("wasm"), config, initialWeights(config, makeRng(1)));
  open.push(wasm);
  const plan = policyOn(defaultTuning(gpu.traits), config);
  const losses = [];
  for (let step = 0; step < 5; step++) {
    const batch = randomBatch(config, 4, 30 + step);
    const [ours, theirs] = [await plan.update(batch, settings), await wasm.update(batch, settings)];
    expect(Math.abs(ours.loss - theirs.loss)).toBeLessThan(1e-3);
    losses.push(ours.loss);
  }
  expect(new Set(losses).size).toBe(5);
});

describe("bindings", () => {
  /** Runs all that a policy can on a device of its own; what the device was told. */
  async function listen(tuning: Tuning): Promise<Told[]> {
    const adapter = await findAdapter();
    if (typeof adapter === "string") throw new Error(adapter);
    const own = await openGpu(adapter);
    const told = listenTo(own.device);
    const shape = { hidden: 24, layers: 1, heads: 3, kvHeads: 1, intermediate: 20, vocab: 29, maxPositions: 64 };
    const config: LlamaConfig = { ...configFor(shape), value_head: true };
    const policy = policyOn(tuning, config, {}, own);
    const batch = randomBatch(config, 2, 12);
    await policy.update(batch, settings);
    await policy.ledger({ rows: 2, length: 12, ids: batch.ids });
    await writeRows(policy, { rows: 2, capacity: 6, key: (row) => row });
    const half = policyOn(tuning, config, { cacheStorage: "f16" }, own);
    await writeRows(half, { rows: 2, capacity: 6, key: (row) => row });
    return told;
  }

  test.each(Object.keys(tunings))("of every kernel for %s are what its code says: kind, access, size", async (name) => {
    const told = await listen(tunings[name]);
    expect(told.length).toBeGreaterThan(20);
    for (const one of told) checkBindings(one);
  });
});
