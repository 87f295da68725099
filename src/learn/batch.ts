/**
 * Token sequences as padded arrays. Weights carry the whole aggregation rule (./aggregation): a token's weight is what
 * it counts in the loss, already divided by the rule's denominator, so that micro-batches just add up.
 */
import { policyTokens } from "../core/episode";
import type { UpdateBatch } from "../policy/policy";
import { type Aggregation, tokenWeights } from "./aggregation";

/** What a batch is made of: a rollout's episode or a cold-start trace. */
export interface TokenSequence {
  readonly ids: readonly number[];
  /** 1 for tokens that are learned from. */
  readonly mask: readonly number[];
}

const learnedTokens = ({ mask }: TokenSequence): number => policyTokens(mask);

/** Number of tokens that are learned from (method, section 3, invariant 3: sums run over mask = 1). */
export function maskedTokens(sequences: readonly TokenSequence[]): number {
  return sequences.reduce((sum, sequence) => sum + learnedTokens(sequence), 0);
}

/**
 * Pads sequences on the right to a common length. Weight t belongs to the prediction of token t + 1.
 *
 * @param longest the constant length of the aggregation that has one
 */
export function makeBatch(
  sequences: readonly TokenSequence[],
  padding: number,
  aggregation: Aggregation = "token-mean",
  longest = 1,
): UpdateBatch {
  const rows = sequences.length;
  const length = Math.max(...sequences.map(({ ids }) => ids.length));
  const ids = new Int32Array(rows * length).fill(padding); // [rows, length]
  sequences.forEach((sequence, row) => ids.set(sequence.ids, row * length));
  const each = tokenWeights(sequences.map(learnedTokens), aggregation, longest);
  const weights = alignToPredictions(sequences, length, (row) => each[row]);
  return { rows, length, ids, weights };
}

/** Lays one number per learned token of each sequence at the prediction it belongs to, [rows, length - 1]. */
export function alignToPredictions(
  sequences: readonly Pick<TokenSequence, "mask">[],
  length: number,
  valueOf: (row: number, t: number) => number,
): Float32Array {
  const values = new Float32Array(sequences.length * (length - 1));
  sequences.forEach(({ mask }, row) => {
    mask.forEach((bit, t) => {
      if (t > 0 && bit === 1) values[row * (length - 1) + t - 1] = valueOf(row, t);
    });
  });
  return values;
}

/** The inverse: predictions' numbers [rows, length - 1] as lists per token of each sequence; 0 before the first. */
export function alignToTokens(
  sequences: readonly Pick<TokenSequence, "ids">[],
  length: number,
  values: Float32Array,
): number[][] {
  return sequences.map(({ ids }, row) => ids.map((_, t) => (t === 0 ? 0 : values[row * (length - 1) + t - 1])));
}
