/** Groups of episodes: several attempts at one problem. */
import type { EpisodeRecord } from "./episode";

/** How many groups there are, and in how many of them outcomes differ: neither all right nor all wrong (DAPO's rule). */
export function mixedGroups(episodes: readonly Pick<EpisodeRecord, "group" | "reward">[]): {
  groups: number;
  mixed: number;
} {
  const rewards = new Map<number, Set<number>>();
  for (const { group, reward } of episodes) rewards.set(group, (rewards.get(group) ?? new Set()).add(reward));
  return { groups: rewards.size, mixed: [...rewards.values()].filter(({ size }) => size > 1).length };
}
