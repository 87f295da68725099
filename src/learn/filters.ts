/**
 * Which episodes are learned from. A group that teaches nothing is left out before advantages are computed. A masked
 * episode is trained on nowhere, yet its reward still counts in its group's mean: it did happen. Filters concern training
 * alone; no measure leaves an episode out.
 */
import type { LabConfig } from "../config/schema";
import type { EpisodeRecord } from "../core/episode";
import type { Experience } from "./experience";

type Settings = Pick<LabConfig["learn"], "voidTurns" | "overlong" | "interpreterTokens">;

/**
 * Those whose group's outcomes differ; all, where equal groups are kept. Refills make up for groups that are equal in
 * the answer's reward, and kept beside the fresh ones they would only thin these out. KL has no say: episodes
 * differ in it always, and a group's deviation would blow that up to whole advantages.
 */
export function teachingExperiences(
  experiences: readonly Experience[],
  { equalGroups, refills }: Pick<LabConfig["learn"], "equalGroups" | "refills">,
): Experience[] {
  if (equalGroups === "keep" && refills === 0) return [...experiences];
  const paid = ({ outcome, episode }: Experience): number => (refills > 0 ? episode.reward : outcome);
  const paidIn = new Map<number, Set<number>>();
  for (const one of experiences) paidIn.set(one.group, (paidIn.get(one.group) ?? new Set()).add(paid(one)));
  return experiences.filter(({ group }) => (paidIn.get(group)?.size ?? 0) > 1);
}

/** SimpleTIR's void turn: neither a complete code block nor an answer. DAPO's overlong filter: cut off by the limit. */
export function isMasked({ flags }: Pick<EpisodeRecord, "flags">, { voidTurns, overlong }: Settings): boolean {
  return (voidTurns === "mask" && flags.void) || (overlong === "mask" && flags.truncated);
}

/**
 * 1 for tokens that are learned from: those the policy wrote (paper, section 2.3), unless the episode is masked. With
 * interpreter tokens learned, as the ablation has it, all that follow the prompt.
 */
export function learningMask(episode: EpisodeRecord, settings: Settings): number[] {
  const { mask, promptLength } = episode;
  if (isMasked(episode, settings)) return mask.map(() => 0);
  if (settings.interpreterTokens === "mask") return [...mask];
  return mask.map((_, t) => (t < promptLength ? 0 : 1));
}
