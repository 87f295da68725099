/** The kernels of the wasm backend, in AssemblyScript: four numbers at a time on tfjs-wasm's own memory. */
export { adamW, squares } from "./adamw";
export { attention, attentionBackward } from "./attention";
export { product, scratchBytes } from "./product";
export { rmsNorm, rmsNormBackward } from "./rms-norm";
export { rope } from "./rope";
export { addRows } from "./rows";
export { swiglu, swigluBackward } from "./swiglu";
export { entropyBackward, tokenLogprob, tokenLogprobBackward } from "./token-logprob";
