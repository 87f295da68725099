/**
 * What is learned from one episode, token by token. Every list has the length of `ids`; where the mask is 0 it holds
 * a 0 that nothing reads (method, section 3). Algorithms see nothing of an episode but this.
 */
import type { EpisodeRecord } from "../core/episode";
import type { TokenSequence } from "./batch";

/** What an advantage is computed from. */
export interface RewardedTokens {
  /** Episodes of one problem have the same. */
  readonly group: number;
  /** The episode's whole reward: its outcome, and what KL took from its tokens. A masked episode has one too. */
  readonly score: number;
  /** 1 for tokens that are learned from. */
  readonly mask: readonly number[];
  /** The last learned token's holds the episode's outcome; KL in the reward adds to every one. */
  readonly rewards: readonly number[];
  /** What the critic expected before each token; null without a critic. */
  readonly values: readonly number[] | null;
}

export interface Experience extends RewardedTokens, TokenSequence {
  readonly episode: EpisodeRecord;
  /** What the episode is paid (./reward), without KL. */
  readonly outcome: number;
  /** Natural-log probabilities that the ratio compares with. */
  readonly oldLogprobs: readonly number[];
  /** Under the policy that the run began with; null where nothing compares with it. */
  readonly referenceLogprobs: readonly number[] | null;
  /** What each token's advantage is multiplied by: 1, but for a sampler that differs from the trainer (./correction). */
  readonly corrections: readonly number[];
}

/** Positions of the tokens that are learned from: the compressed sequence, on which recursions run (invariant 5). */
export function learnedPositions(mask: readonly number[]): number[] {
  return mask.flatMap((bit, t) => (bit === 1 ? [t] : []));
}

/** Mean of the numbers at the learned positions; 0 where there is none. */
export function meanOverLearned(mask: readonly number[], values: readonly number[]): number {
  const positions = learnedPositions(mask);
  return positions.reduce((sum, t) => sum + values[t], 0) / Math.max(1, positions.length);
}
