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

/** Which models a way of learning needs besides the policy. */
function neededModels({ algorithm, critic, klCoefficient }: LabConfig["learn"]) {
  const hasCritic = algorithms[algorithm].critic;
  return {
    head: hasCritic && critic === "head",
    critic: hasCritic && critic === "network",
    reference: klCoefficient > 0,
  };
}

/** How many models share the memory. */
export function modelCount(learn: LabConfig["learn"]): number {
  const { critic, reference } = neededModels(learn);
  return 1 + Number(critic) + Number(reference);
}

export class ModelSet implements Models {
  readonly policy: Policy;
  readonly critic: Policy | null;
  readonly reference: Policy | null;

  /** As they begin, or as they were kept. Leaves nothing behind where one of them cannot be made. */
  constructor(make: Make, start: Start, learn: LabConfig["learn"], kept: KeptModels | null = null) {
    const plain = withoutValueHead(start.config, start.weights);
    const headed = withValueHead(start.config, start.weights);
    const needs = neededModels(learn);
    const made: Policy[] = [];
    const add = (of: Start, keptModel: KeptModel | null): Policy => {
      const model = remake(make, of, keptModel);
      made.push(model);
      return model;
    };
    try {
      this.policy = add(needs.head ? headed : plain, kept?.policy ?? null);
      this.critic = needs.head ? this.policy : needs.critic ? add(headed, kept?.critic ?? null) : null;
      this.reference = needs.reference ? add(plain, null) : null;
    } catch (error) {
      for (const model of made) model.dispose();
      throw error;
    }
  }

  async keep(): Promise<KeptModels> {
    const own = this.critic === this.policy ? null : this.critic;
    return { policy: await keep(this.policy), critic: own && (await keep(own)) };
  }

  /** The policy as a checkpoint has it: without a critic's head. */
  async checkpoint(): Promise<Start> {
    return withoutValueHead(this.policy.config, await this.policy.weights());
  }

  /** Of everything on the backend, whichever model holds it. */
  memory(): { tensors: number; bytes: number } {
    return this.policy.memory();
  }

  dispose(): void {
    for (const model of new Set([this.policy, this.critic, this.reference])) model?.dispose();
  }
}
