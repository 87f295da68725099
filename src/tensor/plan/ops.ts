/** The ops as steps of a plan. */
import type { Ops } from "../ops";
import { recordAttention } from "../ops/attention";
import { recordEmbed } from "../ops/embed";
import { recordJoin, recordLinear, recordLogits } from "../ops/linear";
import { recordPolicyLoss, recordSupervisedLoss } from "../ops/policy-loss";
import { recordRmsNorm } from "../ops/rms-norm";
import { recordRope } from "../ops/rope";
import { recordSelect } from "../ops/select";
import { recordSwiglu } from "../ops/swiglu";
import { recordTokenLogprob } from "../ops/token-logprob";
import { recordTopTokens } from "../ops/top-tokens";
import { recordValueLoss } from "../ops/value-loss";
import type { Recorder } from "./recorder";
import type { PlanTensor } from "./tensor";

export function planOps(plan: Recorder): Ops<PlanTensor> {
  return {
    embed: (table, ids) => recordEmbed(plan, table, ids),
    select: (parts, indices) => recordSelect(plan, parts, indices),
    rmsNorm: (x, gain, epsilon) => recordRmsNorm(plan, x, gain, epsilon),
    joinLinear: (weights, biases) => recordJoin(plan, weights, biases),
    linear: (x, weights, residual) => recordLinear(plan, x, weights, residual),
    logits: (x, head) => recordLogits(plan, x, head),
    swiglu: (x, gateUp) => recordSwiglu(plan, x, gateUp),
    rope: (x, positions, shape) => recordRope(plan, x, positions, shape),
    attention: (x, first, shape) => recordAttention(plan, x, first, shape),
    tokenLogprob: (logits, targets) => recordTokenLogprob(plan, logits, targets),
    policyLoss: (scores, terms, settings, objective) => recordPolicyLoss(plan, scores, terms, settings, objective),
    supervisedLoss: (scores, weights) => recordSupervisedLoss(plan, scores, weights),
    valueLoss: (values, terms, settings) => recordValueLoss(plan, values, terms, settings),
    topTokens: (logits, k) => recordTopTokens(plan, logits, k),
  };
}
