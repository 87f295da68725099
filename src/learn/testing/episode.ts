/** Episodes for the tests of learning, made of what a test is about; the rest is plain. */
import type { EpisodeRecord } from "../../core/episode";

/** `mask` begins with the prompt's zeros; ids count up. */
export function episodeOf(own: Partial<EpisodeRecord> & { mask: number[] }): EpisodeRecord {
  const { mask } = own;
  const reward = own.reward ?? 1;
  const logprobs = mask.map((bit, t) => (bit === 1 ? -0.1 * (t + 1) : 0));
  const [group, sample] = [own.group ?? 0, own.sample ?? 0];
  return {
    id: `train/1/${group}/${sample}`,
    purpose: "train",
    step: 1,
    group,
    sample,
    problem: { id: "p", family: "gcd", kind: "number-theory", level: 1, question: "?", answer: 1 },
    ids: mask.map((_, t) => 1 + ((t + sample) % 9)),
    promptLength: mask.indexOf(1),
    logprobs,
    policyLogprobs: logprobs,
    entropy: 1,
    entropyAfterOutput: { tokens: 2, mean: 1 },
    turns: [],
    segments: [],
    flags: { truncated: false, void: false, timeout: false, maxTurns: false, sandboxFailure: false },
    answer: 1,
    correct: reward > 0,
    correctByCode: false,
    reward,
    advantage: 0,
    selfCorrection: false,
    ...own,
  };
}
