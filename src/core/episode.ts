/**
 * What an episode is, as plain data: the record that rollouts write, learning reads, files store and the page
 * shows. Token ids are exactly those that were sampled or forced; they are never made again from text.
 */
import type { EvaluationSet } from "./evaluation";

/** How a snippet ended. `crash` is the sandbox's fault, all others are the snippet's own doing. */
export type SnippetStatus = "ok" | "error" | "timeout" | "memory" | "output" | "crash";

/** Half-open range of token indexes in `EpisodeRecord.ids`. */
export type Span = readonly [start: number, end: number];

/** One snippet and what came back. */
export interface Turn {
  code: string;
  status: SnippetStatus;
  /** What the program printed, up to the sandbox's limit; the policy may have seen less of it. */
  stdout: string;
  /** The last traceback line, or "" when it ran. */
  error: string;
  /** What was inserted, tags included; the token limit may have cut it. */
  observation: string;
  milliseconds: number;
  /** From `<code>` to `</code>`, both included. */
  codeSpan: Span;
  /** The inserted tokens (mask 0). */
  observationSpan: Span;
}

/** What limited or spoiled an episode. */
export interface EpisodeFlags {
  /** The token limit came before the end-of-sequence token. */
  truncated: boolean;
  /** A turn held neither a complete code block nor an answer (SimpleTIR's void turn). */
  void: boolean;
  /** A snippet ran into its time limit. */
  timeout: boolean;
  /** The policy asked for more snippets than allowed. */
  maxTurns: boolean;
  /** The sandbox failed twice on a snippet: not the policy's fault; dropped from learning and counted. */
  sandboxFailure: boolean;
}

/** A stretch of an episode's text with one meaning, for display and analysis. */
export interface Segment {
  kind: "question" | "text" | "code" | "interpreter" | "answer";
  text: string;
  span: Span;
  /** For `code` and `interpreter`: the index of the turn. */
  turn?: number;
}

/** A snippet that failed and the later, different one that came of it, as indexes of turns. */
export interface Correction {
  failed: number;
  mended: number;
  /** The later one ran and the answer is right. */
  succeeded: boolean;
}

/** A problem as an episode keeps it. */
export interface ProblemRecord {
  id: string;
  family: string;
  kind: string;
  /** 1 to 3, or 0 where none is known. */
  level: number;
  question: string;
  answer: number;
}

/** How far after an output its effect on the policy's choices is measured (method, section 7). */
export const tokensAfterOutput = 50;

export interface EpisodeRecord {
  /** Unique within a run: "train/12/3/5" is step 12, problem 3, sample 5. */
  id: string;
  purpose: "train" | "evaluation";
  /** The set that was scored; training has none. The problems of all sets are numbered through. */
  set?: EvaluationSet;
  step: number;
  /** Index of the problem within the step, and of the sample within its group. */
  group: number;
  sample: number;
  problem: ProblemRecord;
  /** Prompt, policy and interpreter tokens. */
  ids: number[];
  promptLength: number;
  /** 1 for tokens the policy sampled, 0 for the prompt and everything inserted. Same length as `ids`. */
  mask: number[];
  /** Natural-log probability of each sampled token under the sampling distribution; 0 where mask is 0. */
  logprobs: number[];
  /** The same under the policy itself (temperature 1, every token kept): what learning's ratios compare with. */
  policyLogprobs: number[];
  /** Mean entropy of the sampling distribution over sampled tokens, in nats. */
  entropy: number;
  /** The same over the first `tokensAfterOutput` tokens after each output, and how many those are; 0 of none. */
  entropyAfterOutput: { tokens: number; mean: number };
  turns: Turn[];
  segments: Segment[];
  flags: EpisodeFlags;
  /** The answer read from the policy's own tokens, or null. */
  answer: number | null;
  correct: boolean;
  /** The answer is right and is what the last successful snippet printed. */
  correctByCode: boolean;
  /** +1 or -1 (paper, section 2.3). */
  reward: number;
  /** Set by the learner; 0 for evaluation. */
  advantage: number;
  /** A snippet failed, a later different one ran, the answer is right. */
  selfCorrection: boolean;
  /** What became of a snippet that failed; left out where none did, or no other was written. */
  correction?: Correction;
}

/** How many tokens the policy wrote, or those that are learned from: mask = 1. */
export function policyTokens(mask: readonly number[]): number {
  return mask.reduce((sum, bit) => sum + bit, 0);
}
