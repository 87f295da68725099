/**
 * Dr.GRPO (Liu et al. 2025): GRPO without its two biases. A_i = R_i - mean of the group, not divided by the deviation,
 * which would favour problems that are nearly solved or nearly hopeless; and the loss is divided by a constant length
 * (aggregation seq-mean-token-sum-norm), so that a wrong answer is not punished less for being long.
 */
import { lessMean, perGroup } from "../advantage";
import type { Algorithm } from "./algorithm";

export const drGrpo: Algorithm = {
  ratio: "token",
  surrogate: "clip",
  critic: false,
  judge: (episodes) => ({ advantages: perGroup(episodes, lessMean) }),
};
