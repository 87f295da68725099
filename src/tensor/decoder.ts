/**
 * Decoding, as the rooms above see it: rows side by side, each writing its own episode at its own position on its own
 * key-value cache. Sampling is part of it, so that an interpreter on the GPU need not hand its logits out.
 */
import type { AttentionShape, LayerCache } from "./ops";
import type { SamplingSettings } from "./ops/sample";
import type { Scope } from "./program";

export interface DecoderSettings {
  rows: number;
  /** Tokens that a row holds, its prompt included. */
  capacity: number;
  sampling: SamplingSettings;
  /** A row that samples one of these stops there and waits. */
  stops: readonly number[];
}

/** An episode that begins in a row. */
export interface Beginning {
  row: number;
  prompt: readonly number[];
  /** Names the episode's random numbers (core/rng, keyAt). */
  key: number;
}

/** What a row did since it was last reported. Logarithms are natural, entropies in nats. */
export interface Written {
  row: number;
  /** Tokens that the row sampled. */
  tokens: number[];
  /** Their log-probabilities under the distribution that was sampled. */
  logprobs: number[];
  /** The same under the policy itself: temperature 1, every token kept. */
  policyLogprobs: number[];
  /** Entropies of the distributions that were sampled. */
  entropies: number[];
  /** The policy's log-probabilities of the tokens that the row was made to read by `resume`. */
  readLogprobs: number[];
}

/** Of a row that has written nothing yet. */
export function nothingWritten(row: number): Written {
  return { row, tokens: [], logprobs: [], policyLogprobs: [], entropies: [], readLogprobs: [] };
}

export interface Decoder {
  readonly rows: number;
  readonly capacity: number;
  /**
   * Begins episodes in rows that write nothing now. Prompts that are equal are computed once. Throws a RangeError for
   * a row that is not there or is writing, an empty prompt, one that leaves no room, or a token that is none.
   */
  begin(episodes: readonly Beginning[]): Promise<void>;
  /** Lets a row that stopped read `tokens` and write on. Throws a RangeError for any other row. */
  resume(row: number, tokens: readonly number[]): void;
  /** Takes a row out of the work. */
  release(row: number): void;
  /**
   * Lets every row that is not waiting write on, and returns what rows wrote: perhaps nothing yet, and then the next
   * call has it. A row stops after a stop token, or when it is full.
   */
  advance(): Promise<Written[]>;
  dispose(): void;
}

/** The model, as a decoder runs it. */
export interface DecoderModel {
  layers: number;
  vocabulary: number;
  shape: AttentionShape;
  /** Reads prompts: inputs `ids`, `first` and `positions`, all [tokens]; fills the caches. */
  read: <T>(scope: Scope<T>, caches: LayerCache<T>[]) => void;
  /** One token for each row: logits [rows, vocabulary]. */
  step: <T>(scope: Scope<T>, caches: LayerCache<T>[], tokens: T, positions: T) => T;
}
