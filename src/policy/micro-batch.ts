/**
 * How a batch is cut so that memory is bounded by a budget of tokens, not by the batch. Rows of like length go
 * together, each cut after its last weighted token: what comes later cannot change the loss.
 */

/** A slice of a batch: which rows, how many tokens of each, and where the weighted predictions are. */
export interface MicroBatch {
  rows: number[];
  /** Tokens per row that the model must read. */
  length: number;
}

/** Lengths and numbers of places are rounded up to these, so that a GPU compiles and allocates for few shapes. */
export const lengthBucket = 8;
export const placeBucket = 64;

export function roundUp(value: number, bucket: number): number {
  return Math.ceil(value / bucket) * bucket;
}

/** Tokens of each row that matter: up to and including the position that predicts the last weighted token. */
export function usefulLengths(rows: number, length: number, weights: Float32Array): number[] {
  const lengths: number[] = [];
  for (let row = 0; row < rows; row++) {
    let last = length - 2;
    while (last >= 0 && weights[row * (length - 1) + last] === 0) last--;
    lengths.push(last + 1);
  }
  return lengths;
}

/**
 * @param lengths tokens of each row that matter; rows with 0 are left out
 * @param longest the batch's own length, which no micro-batch exceeds
 */
export function microBatches(lengths: readonly number[], longest: number, tokenBudget: number): MicroBatch[] {
  const order = [...lengths.keys()].filter((row) => lengths[row] > 0).sort((a, b) => lengths[b] - lengths[a] || a - b);
  const batches: MicroBatch[] = [];
  let current: MicroBatch | undefined;
  for (const row of order) {
    if (!current || (current.rows.length + 1) * current.length > tokenBudget) {
      current = { rows: [], length: Math.min(longest, roundUp(lengths[row], lengthBucket)) };
      batches.push(current);
    }
    current.rows.push(row);
  }
  return batches;
}
