/** The ops on the wasm backend: those that tfjs composes slowly or wrongly there are kernels of our own. */
import type * as tf from "@tensorflow/tfjs";
import type { Ops } from "../../ops";
import { referenceOps } from "../ops";
import { attention } from "./attention";
import { linear } from "./linear";
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
  linear,
  logits: linear,
  swiglu,
  rope,
  attention,
  tokenLogprob,
};
