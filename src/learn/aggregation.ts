/** What a token counts in the loss (method, section 4). Names are verl's. */
import type { LabConfig } from "../config/schema";

export type Aggregation = LabConfig["learn"]["aggregation"];

/**
 * The weight of each token of each sequence, so that the loss is a plain weighted sum:
 *   token-mean (DAPO): 1 / all learned tokens;
 *   seq-mean-token-mean (GRPO as published): 1 / (sequences x the sequence's own tokens);
 *   seq-mean-token-sum-norm (Dr.GRPO): 1 / (sequences x a constant length).
 * Sequences without a learned token are not counted.
 *
 * @param lengths learned tokens of each sequence
 * @param longest the constant length: tokens an episode may have
 */
export function tokenWeights(lengths: readonly number[], aggregation: Aggregation, longest: number): number[] {
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const sequences = lengths.filter((length) => length > 0).length;
  return lengths.map((length) => {
    if (length === 0) return 0;
    if (aggregation === "token-mean") return 1 / tokens;
    return 1 / (sequences * (aggregation === "seq-mean-token-mean" ? length : longest));
  });
}
