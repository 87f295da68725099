/**
 * What the rooms above see of a policy: updates on whole sequences, and a decoder with a KV cache. Nothing above
 * this file knows which interpreter (eager tfjs or a compiled plan) runs the model.
 */
import type { Decoder, DecoderSettings } from "../tensor/decoder";
import type { AdamWSettings, NamedArrays, OptimizerState } from "../tensor/engine";
import type { PolicyObjective, PolicySettings, policyStatistics, ValueSettings, valueStatistics } from "../tensor/ops";

export type { Decoder, DecoderSettings, Written } from "../tensor/decoder";
export type { AdamWSettings, OptimizerState } from "../tensor/engine";

/** A Hugging Face `config.json` of the Llama family, field names as there. */
export interface LlamaConfig {
  architectures: string[];
  model_type: "llama" | "qwen2";
  vocab_size: number;
  hidden_size: number;
  intermediate_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  num_key_value_heads: number;
  head_dim: number;
  rms_norm_eps: number;
  rope_theta: number;
  tie_word_embeddings: boolean;
  max_position_embeddings: number;
  /** q/k/v bias, as in Qwen2. */
  attention_bias?: boolean;
  /** A critic's head on the same body; not a field of Hugging Face's. */
  value_head?: boolean;
}

/** Parameter name (Hugging Face's) to values and shape. */
export type Weights = NamedArrays;

/** Token sequences, padded on the right to a common length. */
export interface SequenceBatch {
  rows: number;
  length: number;
  /** [rows, length] */
  ids: Int32Array;
}

/** Position t's weight, advantage and old log-probability belong to the prediction of token t + 1. */
export interface UpdateBatch extends SequenceBatch {
  /**
   * [rows, length - 1]: what each predicted token counts in the loss, 0 where it does not (prompt, interpreter,
   * padding). The caller has already divided by the denominator of its aggregation, so parts of a batch just add.
   */
  weights: Float32Array;
}

/** Supervised fine-tuning: the sum of -weight logprob. */
export interface SupervisedBatch extends UpdateBatch {
  kind: "supervised";
}

/** What a critic learns beside the policy. */
export interface CriticTerms extends ValueSettings {
  /** [rows, length - 1] */
  oldValues: Float32Array;
  /** [rows, length - 1] */
  returns: Float32Array;
}

/** The policy objective of method section 4; sums over tokens, weighted (tensor/ops/policy-loss has the formulas). */
export interface PolicyBatch extends UpdateBatch, Partial<Pick<PolicySettings, "klCoefficient" | "entropyBonus">> {
  kind: "policy";
  /** [rows, length - 1] */
  oldLogprobs: Float32Array;
  /** [rows, length - 1] */
  advantages: Float32Array;
  clipLow: number;
  clipHigh: number;
  dualClip: number;
  /** "token" where it is not given. */
  ratio?: PolicyObjective["ratio"];
  /** "clip" where it is not given. */
  surrogate?: PolicyObjective["surrogate"];
  /** [rows, length - 1]: log-probabilities under the reference policy, where the objective holds close to one. */
  referenceLogprobs?: Float32Array;
  /** Needs a policy with a value head. */
  critic?: CriticTerms;
}

export type Batch = SupervisedBatch | PolicyBatch;

/**
 * Sums over weighted tokens of one batch, so that its parts add up; means when weights sum to 1. The largest
 * |logprob - oldLogprob| where the weight is above 0 is no sum.
 */
export type UpdateStatistics = Record<(typeof policyStatistics)[number] | (typeof valueStatistics)[number], number>;

/** What the policy thinks of each prediction of a batch; logarithms are natural, entropies in nats. */
export interface Ledger {
  /** [rows, length - 1] */
  logprobs: Float32Array;
  /** [rows, length - 1] */
  entropies: Float32Array;
  /** [rows, length - 1, k]: the likeliest tokens, likeliest first, and their log-probabilities. */
  topIds: Int32Array;
  topLogprobs: Float32Array;
  k: number;
}

export interface Policy {
  readonly config: LlamaConfig;
  readonly parameterCount: number;
  /** Rows of `capacity` tokens that may decode side by side, for the memory's sake. */
  rowsAtMost(capacity: number): number;
  makeDecoder(settings: DecoderSettings): Decoder;
  /** Log-probabilities of tokens 1.. under the policy, [rows, length - 1]. */
  logprobs(batch: SequenceBatch): Promise<Float32Array>;
  /** The critic's value before each of tokens 1.., [rows, length - 1]. Throws a RangeError without a value head. */
  values(batch: SequenceBatch): Promise<Float32Array>;
  ledger(batch: SequenceBatch): Promise<Ledger>;
  /** Adds the gradient of the batch's loss to the accumulated gradient. Until then the batch has to stay as it is. */
  accumulate(batch: Batch): Promise<UpdateStatistics>;
  /** `accumulate` and `applyGradients` as one piece of work. */
  update(batch: Batch, settings: AdamWSettings): Promise<UpdateStatistics & { gradientNorm: number }>;
  /**
   * One AdamW step on the accumulated gradient, which it clears. Returns the norm before clipping.
   *
   * @throws FaultError at "policy", code "not-finite", where the gradient holds NaN or Infinity: the step is not taken.
   */
  applyGradients(settings: AdamWSettings): Promise<{ gradientNorm: number }>;
  /** The accumulated gradients by name (for tests and analysis); does not clear them. */
  gradients(): Promise<Weights>;
  weights(): Promise<Weights>;
  /** AdamW's moments and step count, for exact resume. */
  optimizerState(): Promise<OptimizerState>;
  loadOptimizerState(state: OptimizerState): void;
  memory(): { tensors: number; bytes: number };
  dispose(): void;
}
