/**
 * RLOO (Ahmadian et al. 2024): the baseline of an episode is the mean of the others in its group,
 * A_i = R_i - mean of R_j over j != i, which leaves the gradient unbiased.
 */
import { perGroup } from "../advantage";
import type { Algorithm } from "./algorithm";

/** Of one group's scores; an episode that is alone has nothing to be compared with, and gets 0. */
export function leaveOneOut(scores: readonly number[]): number[] {
  const sum = scores.reduce((total, score) => total + score, 0);
  return scores.map((score) => (scores.length < 2 ? 0 : score - (sum - score) / (scores.length - 1)));
}

export const rloo: Algorithm = {
  ratio: "token",
  surrogate: "clip",
  critic: false,
  judge: (episodes) => ({ advantages: perGroup(episodes, leaveOneOut) }),
};
