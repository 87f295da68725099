/** Token log-probabilities and entropies on the wasm memory. The mathematics is in ops/token-logprob. */
import type * as tf from "@tensorflow/tfjs";
import type { TokenScores } from "../../ops";
import { withGradient } from "../gradient";
import { heap } from "./heap";

export function tokenLogprob(logits: tf.Tensor, targets: tf.Tensor): TokenScores<tf.Tensor> {
  const { kernels, make, address } = heap();
  const [n, v] = logits.shape;
  const [logprobs, entropies, normalisers] = [make([n]), make([n]), make([n])];
  const written = [logprobs, entropies, normalisers].map(address);
  kernels.tokenLogprob(n, v, address(logits), address(targets), written[0], written[1], written[2]);
  /** From what a kernel reads beside the logits and the normalisers. */
  const backward = (kernel: Kernel, dy: tf.Tensor, [logits, beside, normalisers]: tf.Tensor[]): tf.Tensor[] => {
    const dlogits = make([n, v]);
    kernel(n, v, address(logits), address(beside), address(normalisers), address(dy), address(dlogits));
    return [dlogits];
  };
  return {
    logprobs: withGradient(
      [logits],
      () => ({ value: logprobs, saved: [logits, targets, normalisers] }),
      (dy, saved) => backward(kernels.tokenLogprobBackward, dy, saved),
    ),
    entropies: withGradient(
      [logits],
      () => ({ value: entropies, saved: [logits, entropies, normalisers] }),
      (dy, saved) => backward(kernels.entropyBackward, dy, saved),
    ),
  };
}

type Kernel = (
  lines: number,
  width: number,
  logits: number,
  beside: number,
  normalisers: number,
  dy: number,
  dlogits: number,
) => void;
