/** Groups of episodes: several attempts at one problem. */
import type { EpisodeRecord } from "./episode";

/** The episodes of each group. */
function byGroup<T>(episodes: readonly ({ group: number } & T)[]): T[][] {
  const groups = new Map<number, T[]>();
  for (const episode of episodes) groups.set(episode.group, [...(groups.get(episode.group) ?? []), episode]);
  return [...groups.values()];
}

/** Shares of the groups in which all are right, and in which none is; there is at least one. */
export function solvedGroups(episodes: readonly Pick<EpisodeRecord, "group" | "correct">[]): {
  all: number;
  none: number;
} {
  const groups = byGroup(episodes);
  const share = (kind: typeof groups): number => kind.length / groups.length;
  return {
    all: share(groups.filter((group) => group.every(({ correct }) => correct))),
    none: share(groups.filter((group) => !group.some(({ correct }) => correct))),
  };
}

/** How many groups there are, and in how many of them outcomes differ: neither all right nor all wrong (DAPO's rule). */
export function mixedGroups(episodes: readonly Pick<EpisodeRecord, "group" | "reward">[]): {
  groups: number;
  mixed: number;
} {
  const groups = byGroup(episodes);
  const mixed = groups.filter((group) => new Set(group.map(({ reward }) => reward)).size > 1);
  return { groups: groups.length, mixed: mixed.length };
}
