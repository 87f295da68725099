/**
 * What the rooms above see of a policy: teacher-forced updates, and a decoder with a KV cache. Nothing above
 * this file knows which interpreter (eager tfjs or a compiled plan) runs the model.
 */

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
}

/** Parameter name (Hugging Face's) to values and shape. */
export type Weights = Map<string, { shape: number[]; values: Float32Array }>;

/**
 * Token sequences for one update, padded on the right to a common length. Position t's weight, advantage and
 * old log-probability belong to the prediction of token t + 1.
 */
export interface UpdateBatch {
  rows: number;
  length: number;
  /** [rows, length] */
  ids: Int32Array;
  /**
   * [rows, length - 1]: what each predicted token counts in the loss, 0 where it does not (prompt, interpreter,
   * padding). The caller has already divided by the denominator of its aggregation, so micro-batches just add.
   */
  weights: Float32Array;
}

/** The policy objective of method section 4 (PPO clip with dual clip); sums over tokens, weighted. */
export interface PolicyUpdateBatch extends UpdateBatch {
  /** [rows, length - 1] */
  oldLogprobs: Float32Array;
  /** [rows, length - 1] */
  advantages: Float32Array;
  clipLow: number;
  clipHigh: number;
  dualClip: number;
}

/** Sums over weighted tokens of one batch, so that micro-batches add up; means when weights sum to 1. */
export interface UpdateStatistics {
  loss: number;
  clipFractionLow: number;
  clipFractionHigh: number;
  /** k3: r - 1 - log r */
  approximateKl: number;
  entropy: number;
  /** Largest |logprob - oldLogprob| where weight > 0. */
  largestLogprobGap: number;
}

export interface AdamWSettings {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Decoupled; applied to two-dimensional weights only. */
  weightDecay: number;
  /** Global-norm bound of the gradient. */
  gradientClip: number;
}

/** Rows that decode side by side, each at its own position on its own KV cache. */
export interface Decoder {
  readonly rows: number;
  readonly capacity: number;
  /**
   * Feeds whole prompts into rows at once and returns the logits after each prompt's last token, [prompts, vocab].
   * The rows' caches start afresh. Throws a RangeError past the capacity.
   */
  prefill(rows: readonly number[], prompts: readonly (readonly number[])[]): Promise<Float32Array>;
  /**
   * Feeds one token to each listed row at the given position and returns the logits after it, [rows.length, vocab].
   * Rows that are not listed stay as they are.
   */
  step(rows: readonly number[], tokens: readonly number[], positions: readonly number[]): Promise<Float32Array>;
  dispose(): void;
}

export interface Policy {
  readonly config: LlamaConfig;
  readonly parameterCount: number;
  makeDecoder(rows: number, capacity: number): Decoder;
  /** Log-probabilities of tokens 1.. under the policy, [rows, length - 1]. */
  logprobs(batch: Pick<UpdateBatch, "rows" | "length" | "ids">): Promise<Float32Array>;
  /** Adds the gradient of sum(weights * -logprob) to the accumulated gradient (supervised fine-tuning). */
  accumulateSupervised(batch: UpdateBatch): Promise<UpdateStatistics>;
  /** Adds the gradient of the policy loss to the accumulated gradient. */
  accumulatePolicy(batch: PolicyUpdateBatch): Promise<UpdateStatistics>;
  /** One AdamW step on the accumulated gradient, which it clears. Returns the norm before clipping. */
  applyGradients(settings: AdamWSettings): Promise<{ gradientNorm: number }>;
  /** The accumulated gradients by name (for tests and analysis); does not clear them. */
  gradients(): Promise<Weights>;
  weights(): Promise<Weights>;
  /** AdamW's moments and step count, for exact resume. */
  optimizerState(): Promise<{ step: number; first: Weights; second: Weights }>;
  loadOptimizerState(state: { step: number; first: Weights; second: Weights }): void;
  memory(): { tensors: number; bytes: number };
  dispose(): void;
}
