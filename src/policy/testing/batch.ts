/** Batches, and the settings of a step. Only tests import this folder. */
import { makeRng } from "../../core/rng";
import type { AdamWSettings, LlamaConfig, PolicyBatch } from "../policy";

export const adamW: AdamWSettings = {
  learningRate: 1e-2,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0.01,
  gradientClip: 1,
};

/** A policy's batch of random numbers, of whose predictions about `share` count. */
export function randomBatch(
  { vocab_size }: LlamaConfig,
  rows: number,
  length: number,
  { seed = 3, share = 1 }: { seed?: number; share?: number } = {},
): PolicyBatch {
  const rng = makeRng(seed);
  const count = rows * (length - 1);
  return {
    kind: "policy",
    rows,
    length,
    ids: Int32Array.from({ length: rows * length }, () => rng.int(0, vocab_size - 1)),
    weights: Float32Array.from({ length: count }, () => (rng.float() < 1 - share ? 0 : 1 / count)),
    oldLogprobs: Float32Array.from({ length: count }, () => -Math.log(vocab_size) + 0.4 * (rng.float() - 0.5)),
    advantages: Float32Array.from({ length: count }, () => rng.float() - 0.5),
    clipLow: 0.2,
    clipHigh: 0.28,
    dualClip: 10,
  };
}
