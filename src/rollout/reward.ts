/**
 * The outcome of an episode (paper, section 2.3): +1 if the answer in the policy's own tokens is the problem's,
 * -1 otherwise. Nothing is paid for code that runs.
 */
import type { EpisodeRecord } from "../core/episode";
import type { Transcript } from "../text/transcript";
import { readAnswer } from "../text/transcript";
import type { Tokenizer } from "../text/tokenizer";

export type Verdict = Pick<EpisodeRecord, "answer" | "correct" | "correctByCode" | "reward">;

/** What the last snippet that ran without error printed, or null. */
export function lastOutput(turns: EpisodeRecord["turns"]): string | null {
  return turns.findLast((turn) => turn.status === "ok")?.stdout.trim() ?? null;
}

/**
 * Judges a transcript against the expected answer. "By code" means that the right answer is, to the letter, what
 * the episode's last successful snippet printed.
 */
export function judge(
  transcript: Transcript,
  turns: EpisodeRecord["turns"],
  expected: number,
  tokenizer: Tokenizer,
): Verdict {
  const answer = readAnswer(transcript, tokenizer);
  const correct = answer === expected;
  return { answer, correct, correctByCode: correct && lastOutput(turns) === String(answer), reward: correct ? 1 : -1 };
}
