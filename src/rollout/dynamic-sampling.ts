/**
 * DAPO's dynamic sampling (Yu et al. 2025): a group whose rewards are all the same teaches nothing, so a fresh problem
 * is written for it, until a step has as many groups that teach as it wants, or the rounds are used up.
 */
import { mixedGroups } from "../core/groups";
import type { RolloutReport } from "./collector";

/**
 * A step's episodes: `wanted` groups, and at most `refills` further rounds for those that teach nothing. These stay
 * among the episodes, for they were written.
 *
 * @param write writes so many groups, numbered from `firstGroup` on
 */
export async function writeGroups(
  wanted: number,
  refills: number,
  write: (firstGroup: number, groups: number) => Promise<RolloutReport>,
): Promise<RolloutReport> {
  const report: RolloutReport = { episodes: [], dropped: 0, decodedTokens: 0, promptTokens: 0 };
  let groups = 0;
  let missing = wanted;
  for (let round = 0; round <= refills && missing > 0; round++) {
    const more = await write(groups, missing);
    report.episodes.push(...more.episodes);
    report.dropped += more.dropped;
    report.decodedTokens += more.decodedTokens;
    report.promptTokens += more.promptTokens;
    groups += missing;
    missing = wanted - mixedGroups(report.episodes).mixed;
  }
  return report;
}
