/**
 * What every engine is given: the same model, the same weights, the same batch. It is a step of the lab's own: episodes
 * of which the question is read but not learned, and of the policy's objective, not of plain next-token prediction.
 */
import { makeConfig, type PresetName } from "../config/presets";
import { makeRng } from "../core/rng";
import { configFor, initialWeights } from "../policy/initialise";
import type { AdamWSettings, LlamaConfig, PolicyBatch, Weights } from "../policy/policy";

export const benchSizes = ["spark", "classroom", "studio"] as const satisfies readonly PresetName[];
export type BenchSize = (typeof benchSizes)[number];

export interface Workload {
  size: BenchSize;
  config: LlamaConfig;
  weights: Weights;
  /** What a step is timed on. */
  batch: PolicyBatch;
  /** A small one, on which engines have to agree before anything is timed. */
  parityBatch: PolicyBatch;
  settings: AdamWSettings;
}

/** As many ids as the lab's own tokenizer has. */
const vocabulary = 512;

/** Share of a row that is the question. */
const questionShare = 0.3;

function batchOf(config: LlamaConfig, rows: number, length: number, seed: number): PolicyBatch {
  const rng = makeRng(seed).fold("bench", rows, length);
  const count = rows * (length - 1);
  const learned = (i: number): boolean => i % (length - 1) >= Math.floor(questionShare * length);
  const total = Array.from({ length: count }, (_, i) => learned(i)).filter(Boolean).length;
  const oldLogprobs = Float32Array.from(
    { length: count },
    () => -Math.log(config.vocab_size) + 0.2 * (rng.float() - 0.5),
  );
  const advantage = Array.from({ length: rows }, () => 2 * rng.float() - 1);
  return {
    kind: "policy",
    rows,
    length,
    ids: Int32Array.from({ length: rows * length }, () => rng.int(0, config.vocab_size - 1)),
    weights: Float32Array.from({ length: count }, (_, i) => (learned(i) ? 1 / total : 0)),
    oldLogprobs,
    advantages: Float32Array.from({ length: count }, (_, i) => advantage[Math.floor(i / (length - 1))]),
    clipLow: 0.2,
    clipHigh: 0.28,
    dualClip: 10,
  };
}

/** Rows and tokens of the batch that is timed: 1,024 tokens. */
const timed = { rows: 8, length: 128 };
export const timedTokens = timed.rows * timed.length;
const small = { rows: 2, length: 24 };

export function makeWorkload(size: BenchSize): Workload {
  const config = configFor({ ...makeConfig(size).policy, vocab: vocabulary, maxPositions: 256 });
  return {
    size,
    config,
    weights: initialWeights(config, makeRng(1)),
    batch: batchOf(config, timed.rows, timed.length, 1),
    parityBatch: batchOf(config, small.rows, small.length, 2),
    settings: { learningRate: 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.01, gradientClip: 1 },
  };
}
