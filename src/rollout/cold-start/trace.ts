/** A cold-start trace (paper, section 2.2): a solution as text, code and interpreter output, and its token ids. */
import type { LabConfig } from "../../config/schema";
import type { Problem } from "../../tasks/task";
import { observationFrame, promptText } from "../../text/grammar";
import type { Tokenizer } from "../../text/tokenizer";

/** The shares of D_CI's styles; they need not sum to 1. */
export type Mixture = Pick<LabConfig["coldStart"], "direct" | "worked" | "oneBlock" | "twoBlocks" | "rewritten">;
export type TraceStyle = keyof Mixture;

/** In the order in which a share is drawn; a new one goes to the end, so that earlier seeds keep their traces. */
export const traceStyles = ["direct", "worked", "oneBlock", "twoBlocks", "rewritten"] as const;

/** A stretch of a trace: what the policy is to write, or what the sandbox is expected to answer. */
export interface TracePiece {
  text: string;
  source: "policy" | "interpreter";
}

export interface Trace {
  problem: Pick<Problem, "question" | "answer" | "family">;
  style: TraceStyle;
  pieces: readonly TracePiece[];
  /** The snippets in their order. */
  programs: readonly string[];
}

/** A trace ready to be learned from. */
export interface TokenTrace {
  ids: number[];
  /** 1 for tokens the policy is to write. */
  mask: number[];
  promptLength: number;
}

/** The trace's token ids and mask; interpreter text is tokenised as in a rollout. */
export function tokeniseTrace(trace: Pick<Trace, "problem" | "pieces">, tokenizer: Tokenizer): TokenTrace {
  const ids = tokenizer.encode(promptText(trace.problem.question));
  const promptLength = ids.length;
  const mask = ids.map(() => 0);
  for (const { text, source } of trace.pieces) {
    const output = text.slice(observationFrame.before.length, -observationFrame.after.length);
    const piece =
      source === "policy"
        ? tokenizer.encode(text)
        : [
            ...tokenizer.encode(observationFrame.before),
            ...tokenizer.encodeAsPlainText(output),
            ...tokenizer.encode(observationFrame.after),
          ];
    ids.push(...piece);
    mask.push(...piece.map(() => (source === "policy" ? 1 : 0)));
  }
  return { ids, mask, promptLength };
}
