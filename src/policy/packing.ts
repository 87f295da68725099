/**
 * Batches as programs read them: sequences one after another, without padding. A sequence ends after its last
 * weighted prediction, because what comes later cannot change the loss; and a batch is cut into parts of whole
 * sequences, so that memory is bounded by a budget of tokens and not by the batch.
 */
import type { UpdateBatch } from "./policy";

export interface PackedBatch {
  /** All [tokens]. */
  ids: Int32Array;
  /** Where each token's own sequence begins. */
  first: Int32Array;
  positions: Int32Array;
  /** All [places]: the token that predicts, and the one that is predicted. */
  places: Int32Array;
  targets: Int32Array;
  /** First and last place of each prediction's own sequence. */
  firstPlace: Int32Array;
  lastPlace: Int32Array;
  /** Each prediction's index in the batch's [rows, length - 1]. */
  sources: Int32Array;
}

/** Tokens of each row that matter: up to and including the one that predicts the last weighted token. */
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
 * Which rows go together: as many as fit, longest first, so that the parts are few. Rows of length 0 are left out.
 * A row that is longer than the budget goes alone.
 */
export function partition(lengths: readonly number[], tokenBudget: number): number[][] {
  const parts: { rows: number[]; tokens: number }[] = [];
  const order = [...lengths.keys()].filter((row) => lengths[row] > 0).sort((a, b) => lengths[b] - lengths[a] || a - b);
  for (const row of order) {
    const length = lengths[row];
    let part = parts.find(({ tokens }) => tokens + length <= tokenBudget);
    if (!part) parts.push((part = { rows: [], tokens: 0 }));
    part.rows.push(row);
    part.tokens += length;
  }
  // In the batch's order, so that a batch that fits is read as it stands.
  return parts.map(({ rows }) => rows.sort((a, b) => a - b));
}

/** Packs the listed rows, cut to their lengths. Predictions without weight are left out; without weights, none is. */
export function pack(
  batch: Pick<UpdateBatch, "length" | "ids">,
  rows: readonly number[],
  lengths: readonly number[],
  weights?: Float32Array,
): PackedBatch {
  const stride = batch.length - 1;
  const tokens = rows.reduce((sum, row) => sum + lengths[row], 0);
  const [ids, first, positions] = [new Int32Array(tokens), new Int32Array(tokens), new Int32Array(tokens)];
  const places: number[] = [];
  const sources: number[] = [];
  const firstPlace: number[] = [];
  const lastPlace: number[] = [];
  let start = 0;
  for (const row of rows) {
    const begin = places.length;
    for (let t = 0; t < lengths[row]; t++) {
      ids[start + t] = batch.ids[row * batch.length + t];
      first[start + t] = start;
      positions[start + t] = t;
      if (t >= stride || weights?.[row * stride + t] === 0) continue;
      places.push(start + t);
      sources.push(row * stride + t);
    }
    for (let place = begin; place < places.length; place++) {
      firstPlace.push(begin);
      lastPlace.push(places.length - 1);
    }
    start += lengths[row];
  }
  return {
    ids,
    first,
    positions,
    places: Int32Array.from(places),
    targets: Int32Array.from(sources, (at) => batch.ids[Math.floor(at / stride) * batch.length + (at % stride) + 1]),
    firstPlace: Int32Array.from(firstPlace),
    lastPlace: Int32Array.from(lastPlace),
    sources: Int32Array.from(sources),
  };
}

/** The batch's numbers of each prediction, in the order of the packed predictions. */
export function pick(values: Float32Array, sources: Int32Array): Float32Array {
  return Float32Array.from(sources, (source) => values[source]);
}
