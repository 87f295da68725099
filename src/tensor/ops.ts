/**
 * The doors between the model and what runs it. A model is written once over `Ops`; an interpreter (here the eager one
 * of tfjs, differentiated by tfjs) gives the handles `T` their meaning. Matrices are [tokens, features].
 */
import type * as tf from "@tensorflow/tfjs";
import { type AttentionShape, causalAttention } from "./ops/attention";
import { type LayerCache, makeLayerCache } from "./ops/decode-attention";
import { embed } from "./ops/embed";
import { joinLinear, type Linear, linear } from "./ops/linear";
import { type ClipSettings, type Loss, policyLoss, supervisedLoss } from "./ops/policy-loss";
import { add } from "./ops/residual";
import { rmsNorm } from "./ops/rms-norm";
import { rope } from "./ops/rope";
import { select } from "./ops/select";
import { swiglu } from "./ops/swiglu";
import { tokenLogprob } from "./ops/token-logprob";

export type { AttentionShape } from "./ops/attention";
export type { LayerCache } from "./ops/decode-attention";
export type { Linear } from "./ops/linear";
export type { ClipSettings, Loss } from "./ops/policy-loss";

export interface Ops<T> {
  /** Rows of `table` [v, d] by id: [n, d]. */
  embed(table: T, ids: Int32Array): T;
  /** Rows of `x` by index, each at most once (padding apart): [m, d]. */
  select(x: T, indices: Int32Array): T;
  rmsNorm(x: T, gain: T, epsilon: number): T;
  /** Makes weights with a common input ready as one product. */
  joinLinear(weights: T[], biases: T[]): Linear<T>;
  linear(x: T, weights: Linear<T>): T;
  /** Turns the queries and keys in x [n, (heads + 2 kvHeads) headDim]. */
  rope(x: T, positions: Int32Array, shape: AttentionShape): T;
  /** Causal attention within each of `rows` sequences of `length` tokens. */
  attention(x: T, rows: number, length: number, shape: AttentionShape): T;
  makeLayerCache(rows: number, capacity: number, shape: AttentionShape): LayerCache<T>;
  swiglu(x: T): T;
  add(a: T, b: T): T;
  /** [2, n]: log-probabilities of the targets, then entropies. */
  tokenLogprob(logits: T, targets: Int32Array): T;
  policyLoss(
    scores: T,
    old: Float32Array,
    advantages: Float32Array,
    weights: Float32Array,
    clip: ClipSettings,
  ): Loss<T>;
  supervisedLoss(scores: T, weights: Float32Array): Loss<T>;
}

/** The ops on tfjs tensors, on whichever backend is active. */
export const eagerOps: Ops<tf.Tensor> = {
  embed,
  select,
  rmsNorm,
  joinLinear,
  linear,
  rope,
  attention: causalAttention,
  makeLayerCache,
  swiglu,
  add,
  tokenLogprob,
  policyLoss,
  supervisedLoss,
};
