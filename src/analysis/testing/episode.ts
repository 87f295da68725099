/** Episodes written by hand, for the tests of this room. */
import type { EpisodeRecord, SnippetStatus, Turn } from "../../core/episode";

/** A snippet that took half a second. */
export function turn(
  code: string,
  status: SnippetStatus = "ok",
  codeSpan: Turn["codeSpan"] = [2, 3],
  observationSpan: Turn["codeSpan"] = [3, 4],
): Turn {
  return { code, status, stdout: "", error: "", observation: "", milliseconds: 500, codeSpan, observationSpan };
}

/** A right episode with one snippet, or what `own` makes of it. */
export function episode(own: Partial<EpisodeRecord> = {}): EpisodeRecord {
  return {
    id: "train/1/0/0",
    purpose: "train",
    step: 1,
    group: 0,
    sample: 0,
    problem: { id: "p", family: "gcd", kind: "number-theory", level: 1, question: "?", answer: 1 },
    ids: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    promptLength: 2,
    mask: [0, 0, 1, 1, 1, 0, 0, 1, 1, 1],
    logprobs: [],
    policyLogprobs: [],
    entropy: 1,
    entropyAfterOutput: { tokens: 2, mean: 1 },
    turns: [turn("a = 1\n\nprint(a)", "ok", [4, 5], [5, 7])],
    segments: [],
    flags: { truncated: false, void: false, timeout: false, maxTurns: false, sandboxFailure: false },
    answer: 1,
    correct: true,
    correctByCode: true,
    reward: 1,
    advantage: 0,
    selfCorrection: false,
    ...own,
  };
}
