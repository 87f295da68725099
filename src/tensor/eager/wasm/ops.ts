/** The ops on the wasm backend: those that tfjs composes slowly or wrongly there are loops over its memory. */
import type * as tf from "@tensorflow/tfjs";
import type { Ops } from "../../ops";
import { referenceOps } from "../ops";
import { attention } from "./attention";
import { joinLinear, linear } from "./linear";
import { rmsNorm } from "./rms-norm";
import { rope } from "./rope";
import { embed, select } from "./rows";
import { swiglu } from "./swiglu";
import { tokenLogprob } from "./token-logprob";

export const wasmOps: Ops<tf.Tensor> = {
  ...referenceOps,
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
};
