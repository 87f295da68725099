/**
 * GSPO (Zheng et al. 2025): GRPO's advantages, but one ratio for the whole sequence, s = exp(mean over its tokens of
 * log r), because the reward is the sequence's too. It stays near 1, so the clip is tight (3e-4 below, 4e-4 above).
 */
import type { Algorithm } from "./algorithm";
import { grpo } from "./grpo";

export const gspo: Algorithm = { ratio: "sequence", surrogate: "clip", critic: false, judge: grpo.judge };
