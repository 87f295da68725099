/**
 * Token sequences as padded arrays. Weights carry the whole aggregation rule (method, section 4): a token's weight
 * is what it counts in the loss, already divided by the rule's denominator, so that micro-batches just add up.
 */
import type { UpdateBatch } from "../policy/policy";

/** What a batch is made of: a rollout's episode or a cold-start trace. */
export interface TokenSequence {
  readonly ids: readonly number[];
  /** 1 for tokens the policy wrote. */
  readonly mask: readonly number[];
}

/** Number of tokens that are learned from (method, section 3, invariant 3: sums run over mask = 1). */
export function maskedTokens(sequences: readonly TokenSequence[]): number {
  return sequences.reduce((sum, { mask }) => sum + mask.reduce((count, bit) => count + bit, 0), 0);
}

/**
 * Pads sequences on the right to a common length, with token-mean weights (DAPO): every token with mask 1 counts
 * 1 / (all such tokens), whichever episode it stands in. Weight t belongs to the prediction of token t + 1.
 */
export function makeBatch(sequences: readonly TokenSequence[], padding: number): UpdateBatch {
  const rows = sequences.length;
  const length = Math.max(...sequences.map(({ ids }) => ids.length));
  const ids = new Int32Array(rows * length).fill(padding); // [rows, length]
  const weights = new Float32Array(rows * (length - 1)); // [rows, length - 1]
  const share = 1 / maskedTokens(sequences);
  sequences.forEach((sequence, row) => {
    ids.set(sequence.ids, row * length);
    sequence.mask.forEach((bit, t) => {
      if (t > 0 && bit === 1) weights[row * (length - 1) + t - 1] = share;
    });
  });
  return { rows, length, ids, weights };
}

/** Lays one number per token of each sequence at the prediction it belongs to, [rows, length - 1]. */
export function alignToPredictions(
  sequences: readonly TokenSequence[],
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
