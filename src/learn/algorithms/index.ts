/** The algorithms by the name that the setting has. What each sets besides is in config/algorithms. */
import type { AlgorithmName } from "../../config/learn-settings";
import type { Algorithm } from "./algorithm";
import { cispo } from "./cispo";
import { drGrpo } from "./dr-grpo";
import { grpo } from "./grpo";
import { gspo } from "./gspo";
import { ppo } from "./ppo";
import { reinforcePlusPlus, reinforcePlusPlusBaseline } from "./reinforce-plus-plus";
import { rloo } from "./rloo";

export const algorithms: Record<AlgorithmName, Algorithm> = {
  grpo,
  "dr-grpo": drGrpo,
  rloo,
  "reinforce-plus-plus": reinforcePlusPlus,
  "reinforce-plus-plus-baseline": reinforcePlusPlusBaseline,
  gspo,
  cispo,
  ppo,
};
