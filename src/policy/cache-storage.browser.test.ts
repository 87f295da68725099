/** Caches in half precision: what they save, what they cost in accuracy, and that nothing else changes. */
import { afterEach, beforeAll, expect, test } from "vitest";
import { keyAt, makeRng } from "../core/rng";
import type { CacheStorage } from "../tensor/engine";
import { type GpuCounts, GpuMeter } from "../tensor/gpu-meter";
import type { Gpu } from "../tensor/plan/gpu";
import { defaultTuning, type Tuning } from "../tensor/plan/tuning";
import { testGpu, tunings } from "../tensor/testing/plan";
import { makePolicy } from "./engine-policy";
import { configFor, initialWeights } from "./initialise";
import type { LlamaConfig, Policy, Weights } from "./policy";
import { halfPrecisionTest } from "./self-test";
import { backendOn, forcedLogprobs, writeRows } from "./testing/plan";

/** Heads of whole fours, and heads that are not. */
const configs: Record<string, LlamaConfig> = {
  "heads of 8": configFor({
    hidden: 16,
    layers: 4,
    heads: 2,
    kvHeads: 1,
    intermediate: 24,
    vocab: 33,
    maxPositions: 64,
  }),
  "heads of 6": configFor({
    hidden: 18,
    layers: 2,
    heads: 3,
    kvHeads: 3,
    intermediate: 10,
    vocab: 17,
    maxPositions: 64,
  }),
};

const meter = new GpuMeter();
let gpu: Gpu;
const open: Policy[] = [];

beforeAll(async () => {
  gpu = await testGpu();
});

afterEach(() => {
  for (const policy of open.splice(0)) policy.dispose();
});

/** Weights large enough that attention attends somewhere. */
function weightsFor(config: LlamaConfig): Weights {
  const weights = initialWeights(config, makeRng(1));
  const rng = makeRng(1).fold("more");
  for (const { values } of weights.values())
    for (let i = 0; i < values.length; i++) values[i] += 0.3 * (rng.float() - 0.5);
  return weights;
}

// On a clock that stands still, submissions are as long every time.
const backendWith = (tuning: Tuning) => backendOn(gpu, tuning, () => 0);

function policyWith(
  config: LlamaConfig,
  tuning: Tuning,
  cacheStorage?: CacheStorage,
  weights = weightsFor(config),
): Policy {
  const policy = makePolicy(backendWith(tuning), config, weights, { cacheStorage });
  open.push(policy);
  return policy;
}

const texts = { rows: 3, capacity: 60, key: (row: number) => keyAt(3, row) };

function farthest(a: number[][], b: number[][]): number {
  return Math.max(...a.flatMap((own, row) => own.map((value, i) => Math.abs(value - b[row][i]))));
}

test.each(Object.keys(tunings).flatMap((tuning) => Object.keys(configs).map((config) => [tuning, config] as const)))(
  "with %s and %s, log-probabilities are those of the trainer but for the storage's rounding",
  async (tuning, config) => {
    const gap = async (storage: CacheStorage): Promise<number> => {
      const policy = policyWith(configs[config], tunings[tuning], storage);
      const { tokens, logprobs } = await writeRows(policy, texts);
      return farthest(logprobs, await forcedLogprobs(policy, tokens));
    };
    expect(await gap("f32")).toBeLessThan(2e-5);
    const half = await gap("f16");
    expect(half).toBeLessThan(5e-3);
    // Else nothing was stored in half precision.
    expect(half).toBeGreaterThan(5e-5);
  },
);

test("single precision is what there is where nothing is said, to the last bit, and both ask as much of the GPU", async () => {
  const found: { logprobs: number[][]; counts: GpuCounts }[] = [];
  for (const storage of [undefined, "f32", "f16"] as const) {
    const policy = policyWith(configs["heads of 8"], defaultTuning(gpu.traits), storage);
    await writeRows(policy, texts);
    const { logprobs } = await writeRows(policy, { ...texts, begun: () => void meter.take() });
    found.push({ logprobs, counts: meter.take() });
  }
  const [unsaid, single, half] = found;
  expect(unsaid.counts.dispatches).toBeGreaterThan(0);
  expect(single).toEqual(unsaid);
  expect(half.counts).toEqual(unsaid.counts);
  expect(half.logprobs).not.toEqual(unsaid.logprobs);
});

test("the caches' bytes are half as many", async () => {
  const config = configs["heads of 8"];
  const [rows, capacity] = [32, 64];
  const held: Record<CacheStorage, number> = { f32: 0, f16: 0 };
  for (const storage of ["f32", "f16"] as const) {
    const policy = policyWith(config, defaultTuning(gpu.traits), storage);
    await writeRows(policy, { ...texts, rows, capacity });
    held[storage] = policy.memory().bytes;
    policy.dispose();
    open.pop();
  }
  const { num_hidden_layers: layers, num_key_value_heads: kvHeads, head_dim: headDim } = config;
  const single = 4 * layers * 2 * rows * capacity * kvHeads * headDim;
  expect(held.f32 - held.f16).toBe(single / 2);
});

test("half as many bytes a token are twice as many rows", () => {
  const config = configs["heads of 8"];
  const rows = (cacheStorage: CacheStorage): number => {
    const policy = makePolicy(backendWith(defaultTuning(gpu.traits)), config, weightsFor(config), {
      cacheStorage,
      memoryBudget: 2 ** 22,
    });
    open.push(policy);
    return policy.rowsAtMost(64);
  };
  expect(Math.floor(rows("f16") / 2)).toBe(rows("f32"));
  expect(rows("f32")).toBeGreaterThan(1);
});

test("the test at the start passes an honest policy, and refuses one whose numbers half precision cannot hold", async () => {
  const config = configs["heads of 8"];
  const backend = backendWith(defaultTuning(gpu.traits));
  expect(await halfPrecisionTest(backend, config, weightsFor(config))).toBeNull();
  // Values a million times as large, and outputs a millionth of them: in single precision the same policy.
  const large = weightsFor(config);
  for (const [name, { values }] of large) {
    const factor = name.includes("v_proj") ? 1e6 : name.includes("o_proj") ? 1e-6 : 1;
    for (let i = 0; i < values.length; i++) values[i] *= factor;
  }
  const policy = policyWith(config, defaultTuning(gpu.traits), "f32", large);
  const { tokens, logprobs } = await writeRows(policy, texts);
  expect(farthest(logprobs, await forcedLogprobs(policy, tokens))).toBeLessThan(2e-5);
  expect(await halfPrecisionTest(backend, config, large)).toMatch(/off by .* nats/);
});
