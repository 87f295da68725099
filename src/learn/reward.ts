/**
 * What an episode is paid in learning. The paper pays for the answer alone (section 2.3): +1 or -1. Two additions can
 * be switched on; the episode's own record keeps the answer's reward.
 */
import type { LabConfig } from "../config/schema";
import { type EpisodeRecord, policyTokens } from "../core/episode";
import { learnedPositions } from "./experience";

type Settings = Pick<LabConfig["learn"], "overlong" | "overlongBuffer" | "toolBonus" | "toolBonusSteps">;

/**
 * DAPO's soft overlong punishment: 0 while at least `buffer` tokens are left to `limit`, then in a line down to -1 where
 * none is. A buffer larger than the limit begins with the first token. Lengths are of what the policy wrote: the
 * interpreter's text is not held against it (invariant 3), so an episode that this text filled may pay nothing.
 */
export function overlongPenalty(length: number, limit: number, buffer: number): number {
  const line = Math.min(buffer, limit);
  const over = length - (limit - line);
  return over <= 0 ? 0 : -Math.min(1, over / line);
}

/** Not in the paper: the bonus at a step (counted from 1), falling in a line to 0 after `steps` steps. */
export function toolBonusAt(step: number, bonus: number, steps: number): number {
  return bonus * Math.max(0, 1 - (step - 1) / steps);
}

/** The episode's outcome, with what is switched on. `maxTokens` bounds the whole episode, its prompt included. */
export function learningReward(episode: EpisodeRecord, step: number, maxTokens: number, settings: Settings): number {
  const { reward, mask, promptLength, turns } = episode;
  const { overlong, overlongBuffer, toolBonus, toolBonusSteps } = settings;
  const room = maxTokens - promptLength;
  const penalty = overlong === "penalty" ? overlongPenalty(policyTokens(mask), room, overlongBuffer) : 0;
  const ranCode = turns.some(({ status }) => status === "ok");
  return reward + penalty + (ranCode ? toolBonusAt(step, toolBonus, toolBonusSteps) : 0);
}

/** The outcome on the last learned token (invariant 4), and KL's share (k1) on each where it goes into the reward. */
export function tokenRewards(
  outcome: number,
  mask: readonly number[],
  logprobs: readonly number[],
  reference: readonly number[] | null,
  klCoefficient: number,
): number[] {
  const positions = learnedPositions(mask);
  const rewards = mask.map(() => 0);
  if (reference) for (const t of positions) rewards[t] = -klCoefficient * (logprobs[t] - reference[t]);
  const last = positions.at(-1);
  if (last !== undefined) rewards[last] += outcome;
  return rewards;
}
