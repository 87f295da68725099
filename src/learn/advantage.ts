/** What the algorithms' advantages are made of; pure functions of rewards and masks (method, section 4). */
import { mean } from "../core/stats";
import { learnedPositions, type RewardedTokens } from "./experience";

/** One number per token of each episode; 0 where nothing is learned. */
export type PerToken = number[][];

/** The sum of squared distances from the mean over n - 1; 0 of a single number. */
export function sampleVariance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

/**
 * One number per episode, from the scores of its group, laid on each of its learned tokens.
 *
 * @param within a group's scores to its members' advantages, in order
 */
export function perGroup(
  episodes: readonly RewardedTokens[],
  within: (scores: readonly number[]) => number[],
): PerToken {
  const members = new Map<number, number[]>();
  episodes.forEach(({ group }, i) => members.set(group, [...(members.get(group) ?? []), i]));
  const advantages: number[] = episodes.map(() => 0);
  for (const group of members.values()) {
    const found = within(group.map((i) => episodes[i].score));
    group.forEach((i, at) => (advantages[i] = found[at]));
  }
  return episodes.map(({ mask }, i) => mask.map((bit) => (bit === 1 ? advantages[i] : 0)));
}

/** R - mean of the group. */
export function lessMean(scores: readonly number[]): number[] {
  const centre = mean(scores);
  return scores.map((score) => score - centre);
}

/** What is still to come at each learned token: G_k = R_k + gamma G_{k+1}, on the compressed sequence. */
export function returnsToGo({ mask, rewards }: RewardedTokens, gamma: number): number[] {
  const returns = mask.map(() => 0);
  let next = 0;
  for (const t of learnedPositions(mask).reverse()) returns[t] = next = rewards[t] + gamma * next;
  return returns;
}

/** (x - mean) / sqrt(variance + 1e-8) over all learned tokens of the batch, variance with n - 1. */
export function whiten(episodes: readonly RewardedTokens[], values: PerToken): PerToken {
  const all = episodes.flatMap(({ mask }, i) => learnedPositions(mask).map((t) => values[i][t]));
  if (all.length === 0) return values;
  const centre = mean(all);
  const deviation = Math.sqrt(sampleVariance(all) + 1e-8);
  return values.map((list, i) => list.map((x, t) => (episodes[i].mask[t] === 1 ? (x - centre) / deviation : 0)));
}

/**
 * 1 - Var(return - value) / Var(return) over learned tokens: 1 of a critic that knows, 0 of one that says a constant. Where
 * all returns are the same there is nothing to explain: 0.
 */
export function explainedVariance(episodes: readonly RewardedTokens[], returns: PerToken): number {
  const at = episodes.map(({ mask }) => learnedPositions(mask));
  const wanted = at.flatMap((positions, i) => positions.map((t) => returns[i][t]));
  const missed = at.flatMap((positions, i) => positions.map((t) => returns[i][t] - (episodes[i].values?.[t] ?? 0)));
  const variance = sampleVariance(wanted);
  return variance < 1e-12 ? 0 : 1 - sampleVariance(missed) / variance;
}
