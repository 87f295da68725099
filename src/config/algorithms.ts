/**
 * What choosing an algorithm sets besides its mathematics (learn/algorithms): the numbers and switches its paper
 * uses. Each may then be changed like any other setting. A new algorithm is one entry here and one file there.
 */
import type { AlgorithmName, LearnOverrides } from "./learn-settings";

export const algorithmSettings: Record<AlgorithmName, LearnOverrides> = {
  /** The schema's defaults: DAPO's token mean and clip-higher. */
  grpo: {},
  "dr-grpo": {
    aggregation: "seq-mean-token-sum-norm", // a constant length, so that no answer gains by being long or short
    equalGroups: "keep", // they count in the mean over episodes, though they teach nothing
    clipHigh: 0.2, // the paper clips evenly
  },
  rloo: {
    clipHigh: 0.2, // as in PPO: its paper clips nothing, and with one update a step neither does this
  },
  "reinforce-plus-plus": {
    equalGroups: "keep", // its baseline is the batch's mean: a group that is all right teaches
    clipHigh: 0.2, // its paper takes PPO's even clip
  },
  "reinforce-plus-plus-baseline": {
    equalGroups: "keep", // whitening moves even their advantages away from 0
    clipHigh: 0.2, // its paper takes PPO's even clip
  },
  gspo: {
    aggregation: "seq-mean-token-mean",
    clipLow: 3e-4, // a sequence's ratio is a geometric mean and stays near 1
    clipHigh: 4e-4,
  },
  cispo: {
    clipLow: 1, // no lower bound
    clipHigh: 5, // a token's weight is at most 6
  },
  ppo: {
    equalGroups: "keep", // the critic is the baseline, not the group
    // The clip stays 0.2 below and 0.28 above, as in verl's recipe for ReTool with PPO.
  },
};
