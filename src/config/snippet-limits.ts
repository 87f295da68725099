import type { LabConfig } from "./schema";

/** How far a snippet may go under these settings: the policy's own, and the console's. */
export function snippetLimits(config: LabConfig): { fuel: number; seconds: number; outputCharacters: number } {
  return {
    fuel: config.rollout.snippetFuel,
    seconds: config.rollout.snippetSeconds,
    // More than the policy reads, so that the end of a long output can be shown to it too.
    outputCharacters: Math.max(1024, 4 * config.sandbox.outputCharacters),
  };
}

export type SnippetLimits = ReturnType<typeof snippetLimits>;
