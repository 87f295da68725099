/**
 * The doors between the model and what runs it. A model is written once over `Ops`; an interpreter gives the handles
 * `T` their meaning: tensors of tfjs that are computed at once (./eager), or steps of a plan that is compiled once and
 * replayed (./plan). Matrices are [n, features]. Whole numbers (ids, indices, positions) are handles as well, because
 * a plan meets them only when it runs.
 *
 * Sequences stand one after another without padding: token i belongs to the sequence that begins at token `first[i]`.
 */

export interface AttentionShape {
  heads: number;
  /** Key-value heads; each serves heads / kvHeads query heads. */
  kvHeads: number;
  headDim: number;
  /** Base of the rotary frequencies. */
  theta: number;
  /** Positions that may occur. */
  positions: number;
}

/** A weight, made ready once for as many products as its values last. */
export interface Linear<T> {
  /** [out, in], as Hugging Face stores it. */
  weight: T;
  /** [out] */
  bias?: T;
}

export interface TokenScores<T> {
  /** [n], natural logarithms. */
  logprobs: T;
  /** [n], in nats. */
  entropies: T;
}

/** What a policy's objective is made of, apart from its numbers. Method, section 4. */
export interface PolicyObjective {
  /** `token`: PPO's ratio. `sequence`: GSPO's, the geometric mean over the sequence. */
  ratio: "token" | "sequence";
  /** `clip`: PPO's clipped ratio with dual clip. `cispo`: the clipped ratio as a constant weight. */
  surrogate: "clip" | "cispo";
  /** Whether log-probabilities of a reference policy are there. */
  reference: boolean;
  /** Whether entropy is rewarded, so that a gradient flows through it. */
  entropyBonus: boolean;
}

/** What a policy loss reads of each predicted token, all [n]. */
export interface PolicyTerms<T> {
  old: T;
  advantages: T;
  weights: T;
  /** Log-probabilities under the reference policy, if there is one. */
  reference?: T;
  /** Place of the first and the last prediction of the same sequence; only a sequence's ratio reads them. */
  firstPlace?: T;
  lastPlace?: T;
}

/** The numbers of a policy objective, in the order in which a settings handle [5] holds them. */
export const policySettings = ["clipLow", "clipHigh", "dualClip", "klCoefficient", "entropyBonus"] as const;
export type PolicySettings = Record<(typeof policySettings)[number], number>;

/** What a policy loss reports, in the order of its statistics; sums with the tokens' weights but for the gap, the last. */
export const policyStatistics = [
  "loss",
  "clipFractionLow",
  "clipFractionHigh",
  "approximateKl",
  "entropy",
  "referenceKl",
  "largestLogprobGap",
] as const;

/** What a value loss reports, in the order of its statistics. */
export const valueStatistics = ["valueLoss", "valueClipFraction", "valueError"] as const;

/** The numbers of a value loss, in the order in which a settings handle [2] holds them. */
export const valueSettings = ["valueClip", "valueCoefficient"] as const;
export type ValueSettings = Record<(typeof valueSettings)[number], number>;

export interface ValueTerms<T> {
  old: T;
  returns: T;
  weights: T;
}

/** A scalar to be differentiated, and numbers to be read beside it; nothing flows back through those. */
export interface Loss<T> {
  /** Its own value is the first of the statistics. */
  loss: T;
  statistics: T;
}

/** Keys and values of earlier tokens, of one layer, seen from the rows that a call is about. */
export interface LayerCache<T> {
  /** Writes whole prompts: keys and values in x [n, (heads + 2 kvHeads) headDim], already turned. */
  fill(x: T): void;
  /** Writes one token per row at its position, and attends from it to all tokens up to there: [rows, heads headDim]. */
  attend(x: T, positions: T): T;
}

export interface Ops<T> {
  /** Rows of `table` [v, d] by id [n]: [n, d]. */
  embed(table: T, ids: T): T;
  /** The same rows of several matrices by index [m], each at most once: each [m, d]. */
  select(parts: T[], indices: T): T[];
  rmsNorm(x: T, gain: T, epsilon: number): T;
  /** Makes weights with a common input ready as one product: their outputs stand side by side. */
  joinLinear(weights: T[], biases: T[]): Linear<T>;
  /** x W^T + b, plus `residual` where one is given. */
  linear(x: T, weights: Linear<T>, residual?: T): T;
  /** A linear layer whose output is read by `tokenLogprob` or by a sampler alone. */
  logits(x: T, head: Linear<T>): T;
  /** silu(x G^T) (x U^T), where `gateUp` joins G and U. */
  swiglu(x: T, gateUp: Linear<T>): T;
  /** Turns queries and keys in x [n, (heads + 2 kvHeads) headDim]. The result replaces x, which is used up. */
  rope(x: T, positions: T, shape: AttentionShape): T;
  /** Causal attention within sequences: [n, heads headDim]. */
  attention(x: T, first: T, shape: AttentionShape): T;
  tokenLogprob(logits: T, targets: T): TokenScores<T>;
  policyLoss(scores: TokenScores<T>, terms: PolicyTerms<T>, settings: T, objective: PolicyObjective): Loss<T>;
  supervisedLoss(scores: TokenScores<T>, weights: T): Loss<T>;
  /** `values` [n, 1], as a value head gives them. */
  valueLoss(values: T, terms: ValueTerms<T>, settings: T): Loss<T>;
  /** The k likeliest tokens of each row, likeliest first: [n, 2 k], ids and then log-probabilities. */
  topTokens(logits: T, k: number): T;
}
