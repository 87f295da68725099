/**
 * Batches as programs read them: sequences one after another, without padding. A sequence ends after its last
 * weighted prediction, because what comes later cannot change the loss; and a batch is cut into parts of whole
 * sequences, so that memory is bounded by a budget of tokens and not by the batch.
 */
import type { UpdateBatch } from "./policy";

/**
 * Memory for one run's lists, used again for the next run's: asking for fresh memory takes longer than filling it. A
 * list comes with whatever stood there, and holds until `clear`.
 */
export class Scratch {
  #memory = new ArrayBuffer(0);
  /** In bytes; more than there is where some lists had to stand apart. */
  #used = 0;
  #wanted = 0;

  wholeNumbers(count: number): Int32Array {
    return new Int32Array(...this.#take(count));
  }

  numbers(count: number): Float32Array {
    return new Float32Array(...this.#take(count));
  }

  /** Takes back every list. */
  clear(): void {
    this.#wanted = Math.max(this.#wanted, this.#used);
    this.#used = 0;
  }

  /** What does not fit any more stands apart; there will be memory for it the next time. */
  #take(count: number): [memory: ArrayBuffer, start: number, count: number] {
    if (this.#used === 0 && this.#wanted > this.#memory.byteLength) this.#memory = new ArrayBuffer(this.#wanted);
    const start = this.#used;
    this.#used += 4 * count;
    return this.#used <= this.#memory.byteLength
      ? [this.#memory, start, count]
      : [new ArrayBuffer(4 * count), 0, count];
  }
}

export interface PackedBatch {
  /** All [tokens]. */
  ids: Int32Array;
  /** Where each token's own sequence begins. */
  first: Int32Array;
  positions: Int32Array;
  /** All [places]: the token that predicts, and the one that is predicted. */
  places: Int32Array;
  targets: Int32Array;
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
  const useful: number[] = [];
  let all = 0;
  for (let row = 0; row < lengths.length; row++) {
    all += lengths[row];
    if (lengths[row] > 0) useful.push(row);
  }
  if (all > 0 && all <= tokenBudget) return [useful];
  const parts: { rows: number[]; tokens: number }[] = [];
  for (const row of useful.sort((a, b) => lengths[b] - lengths[a] || a - b)) {
    const length = lengths[row];
    let part = parts.find(({ tokens }) => tokens + length <= tokenBudget);
    if (!part) parts.push((part = { rows: [], tokens: 0 }));
    part.rows.push(row);
    part.tokens += length;
  }
  // In the batch's order, so that a batch that fits is read as it stands.
  return parts.map(({ rows }) => rows.sort((a, b) => a - b));
}

/**
 * Packs the listed rows, cut to their lengths, into lists of `scratch`. Predictions without weight are left out; without
 * weights, none is.
 */
export function pack(
  scratch: Scratch,
  batch: Pick<UpdateBatch, "length" | "ids">,
  rows: readonly number[],
  lengths: readonly number[],
  weights?: Float32Array,
): PackedBatch {
  const { ids: given, length } = batch;
  const stride = length - 1;
  const tokens = rows.reduce((sum, row) => sum + lengths[row], 0);
  const list = (): Int32Array => scratch.wholeNumbers(tokens);
  const [ids, first, positions, places, targets, sources] = [list(), list(), list(), list(), list(), list()];
  let start = 0;
  let count = 0;
  for (const row of rows) {
    const end = start + lengths[row];
    ids.set(given.subarray(row * length, row * length + lengths[row]), start);
    first.fill(start, start, end);
    for (let token = start; token < end; token++) {
      const t = token - start;
      positions[token] = t;
      if (t >= stride || weights?.[row * stride + t] === 0) continue;
      places[count] = token;
      targets[count] = given[row * length + t + 1];
      sources[count] = row * stride + t;
      count++;
    }
    start = end;
  }
  return {
    ids,
    first,
    positions,
    places: places.subarray(0, count),
    targets: targets.subarray(0, count),
    sources: sources.subarray(0, count),
  };
}

/** First and last place of each prediction's own sequence, both [places]. */
export function sequenceEnds(
  scratch: Scratch,
  { first, places }: PackedBatch,
): { firstPlace: Int32Array; lastPlace: Int32Array } {
  const firstPlace = scratch.wholeNumbers(places.length);
  const lastPlace = scratch.wholeNumbers(places.length);
  for (let begin = 0, end = 0; begin < places.length; begin = end) {
    const sequence = first[places[begin]];
    while (end < places.length && first[places[end]] === sequence) end++;
    firstPlace.fill(begin, begin, end);
    lastPlace.fill(end - 1, begin, end);
  }
  return { firstPlace, lastPlace };
}

/** The batch's numbers of each prediction, in the order of the packed predictions. */
export function pick(scratch: Scratch, values: Float32Array, sources: Int32Array): Float32Array {
  const picked = scratch.numbers(sources.length);
  for (let i = 0; i < sources.length; i++) picked[i] = values[sources[i]];
  return picked;
}
