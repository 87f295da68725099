/** What one algorithm is: how it judges tokens, and which ratio and surrogate its loss has. */
import type { LabConfig } from "../../config/schema";
import type { PolicyBatch } from "../../policy/policy";
import type { PerToken } from "../advantage";
import type { RewardedTokens } from "../experience";

export interface Judgement {
  advantages: PerToken;
  /** What the critic is to learn; there only with a critic. */
  returns?: PerToken;
}

export interface Algorithm {
  ratio: NonNullable<PolicyBatch["ratio"]>;
  surrogate: NonNullable<PolicyBatch["surrogate"]>;
  /** Whether it needs the values of a critic. */
  critic: boolean;
  /** All episodes of a step at once: baselines are means over groups, or over all. */
  judge: (episodes: readonly RewardedTokens[], settings: Pick<LabConfig["learn"], "gamma" | "lambda">) => Judgement;
}
