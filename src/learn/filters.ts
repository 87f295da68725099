/**
 * Which episodes are learned from. A masked episode is trained on nowhere, yet its reward still counts in its group's
 * mean: it did happen. Filters concern training alone; no measure leaves an episode out.
 */
import type { LabConfig } from "../config/schema";
import type { EpisodeRecord } from "../core/episode";

type Settings = Pick<LabConfig["learn"], "voidTurns" | "overlong" | "interpreterTokens">;

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
