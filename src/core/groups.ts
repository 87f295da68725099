/** Groups of episodes: several attempts at one problem. */
import type { EpisodeRecord } from "./episode";

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Shares of the groups in which all are right, and in which none is. */
export function solvedGroups(episodes: readonly Pick<EpisodeRecord, "group" | "correct">[]): {
  all: number;
  none: number;
} {
  const outcomes = new Map<number, boolean[]>();
  for (const { group, correct } of episodes) outcomes.set(group, [...(outcomes.get(group) ?? []), correct]);
  const groups = [...outcomes.values()];
  return {
    all: share(groups.filter((outcome) => outcome.every(Boolean)).length, groups.length),
    none: share(groups.filter((outcome) => !outcome.some(Boolean)).length, groups.length),
  };
}

/** How many groups there are, and in how many of them outcomes differ: neither all right nor all wrong (DAPO's rule). */
export function mixedGroups(episodes: readonly Pick<EpisodeRecord, "group" | "reward">[]): {
  groups: number;
  mixed: number;
} {
  const rewards = new Map<number, Set<number>>();
  for (const { group, reward } of episodes) rewards.set(group, (rewards.get(group) ?? new Set()).add(reward));
  return { groups: rewards.size, mixed: [...rewards.values()].filter(({ size }) => size > 1).length };
}
