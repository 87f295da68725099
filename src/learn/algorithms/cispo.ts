/**
 * CISPO (MiniMax 2025): GRPO's advantages; the ratio is clipped and held constant, and every token keeps its gradient:
 * loss per token -stopgrad(clip(r, 1 - e_low, 1 + e_high)) A logprob. Rare tokens, which PPO's clip silences, go on
 * learning: those that begin a snippet are among them.
 */
import type { Algorithm } from "./algorithm";
import { grpo } from "./grpo";

export const cispo: Algorithm = { ratio: "token", surrogate: "cispo", critic: false, judge: grpo.judge };
