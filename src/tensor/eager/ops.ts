/** The ops as compositions of tfjs's own: the reference that every other way of computing them is held against. */
import type * as tf from "@tensorflow/tfjs";
import type { Ops } from "../ops";
import { attention } from "../ops/attention";
import { embed } from "../ops/embed";
import { joinLinear, linear } from "../ops/linear";
import { policyLoss, supervisedLoss } from "../ops/policy-loss";
import { rmsNorm } from "../ops/rms-norm";
import { rope } from "../ops/rope";
import { select } from "../ops/select";
import { swiglu } from "../ops/swiglu";
import { tokenLogprob } from "../ops/token-logprob";
import { topTokens } from "../ops/top-tokens";
import { valueLoss } from "../ops/value-loss";

export const referenceOps: Ops<tf.Tensor> = {
  embed,
  select,
  rmsNorm,
  joinLinear,
  linear,
  logits: linear,
  swiglu,
  rope,
  attention,
  tokenLogprob,
  policyLoss,
  supervisedLoss,
  valueLoss,
  topTokens,
};
