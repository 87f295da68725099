import type { LabConfig } from "../config/schema";
import type { SnippetLimits } from "../sandbox/sandbox";

/** How far a snippet may go under these settings: the policy's own, and the console's. */
export function snippetLimits(config: LabConfig): SnippetLimits {
  return {
    fuel: config.rollout.snippetFuel,
    seconds: config.rollout.snippetSeconds,
    // More than the policy reads, so that the end of a long output can be shown to it too.
    outputCharacters: Math.max(1024, 4 * config.sandbox.outputCharacters),
  };
}
