/** The policy of a run, and what learns or stands beside it: PPO's critic, and the policy as it began. */
import type { LabConfig } from "../config/schema";
import { algorithms } from "../learn/algorithms";
import type { Models } from "../learn/judge";
import { withoutValueHead, withValueHead } from "../policy/initialise";
import type { LlamaConfig, Policy, Weights } from "../policy/policy";
import type { OptimizerState } from "../tensor/engine";
import type { StartingPoint } from "./starting-point";

type Start = Pick<StartingPoint, "config" | "weights">;
type Make = (config: LlamaConfig, weights: Weights) => Policy;

/** A model off any backend: what it takes to set it up again exactly. */
interface KeptModel {
  weights: Weights;
  optimizer: OptimizerState;
}

/** All that learning has changed. */
export interface KeptModels {
  policy: KeptModel;
  /** Null where the critic is no network of its own. */
  critic: KeptModel | null;
}

async function keep(model: Policy): Promise<KeptModel> {
  return { weights: await model.weights(), optimizer: await model.optimizerState() };
}

function remake(make: Make, start: Start, kept: KeptModel | null): Policy {
  const model = make(start.config, kept?.weights ?? start.weights);
  if (kept) model.loadOptimizerState(kept.optimizer);
  return model;
}

export class ModelSet implements Models {
  readonly policy: Policy;
  readonly critic: Policy | null;
  readonly reference: Policy | null;

  /** As they begin, or as they were kept. */
  constructor(make: Make, start: Start, learn: LabConfig["learn"], kept: KeptModels | null = null) {
    const plain = withoutValueHead(start.config, start.weights);
    const headed = withValueHead(start.config, start.weights);
    const needsCritic = algorithms[learn.algorithm].critic;
    const onPolicy = needsCritic && learn.critic === "head";
    this.policy = remake(make, onPolicy ? headed : plain, kept?.policy ?? null);
    this.critic = onPolicy ? this.policy : needsCritic ? remake(make, headed, kept?.critic ?? null) : null;
    this.reference = learn.klCoefficient > 0 ? make(plain.config, plain.weights) : null;
  }

  async keep(): Promise<KeptModels> {
    const own = this.critic === this.policy ? null : this.critic;
    return { policy: await keep(this.policy), critic: own && (await keep(own)) };
  }

  /** The policy as a checkpoint has it: without a critic's head. */
  async checkpoint(): Promise<Start> {
    return withoutValueHead(this.policy.config, await this.policy.weights());
  }

  memory(): { tensors: number; bytes: number } {
    const all = this.#each().map((model) => model.memory());
    return {
      tensors: all.reduce((sum, { tensors }) => sum + tensors, 0),
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  dispose(): void {
    for (const model of this.#each()) model.dispose();
  }

  #each(): Policy[] {
    return [...new Set([this.policy, this.critic, this.reference])].filter((model) => model !== null);
  }
}
