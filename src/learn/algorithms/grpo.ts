/**
 * GRPO (Shao et al. 2024), the lab's default, with DAPO's clip-higher and token mean (Yu et al. 2025) as settings.
 *
 *   1. A group is several episodes of one problem; its mean reward is the baseline.
 *      A_i = (R_i - mean of the group) / (deviation of the group + 1e-6), with n - 1, as in verl.
 *   2. Every token that the policy wrote gets its episode's advantage; interpreter tokens get none.
 *   3. A group of equal rewards has zero advantage everywhere: it teaches nothing.
 *   4. Loss per token: max(-A r, -A clip(r, 1 - e_low, 1 + e_high)), r = exp(logprob - logprob when it was sampled),
 *      and for A < 0 at most -A c (dual clip).
 */
import { lessMean, perGroup, sampleVariance } from "../advantage";
import type { Algorithm } from "./algorithm";

/** (1), of one group's scores. */
export function groupRelativeAdvantages(scores: readonly number[]): number[] {
  const deviation = Math.sqrt(sampleVariance(scores));
  return lessMean(scores).map((centred) => centred / (deviation + 1e-6));
}

export const grpo: Algorithm = {
  ratio: "token",
  surrogate: "clip",
  critic: false,
  judge: (episodes) => ({ advantages: perGroup(episodes, groupRelativeAdvantages) }),
};
