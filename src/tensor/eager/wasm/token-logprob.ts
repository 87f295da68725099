/** Token log-probabilities and entropies on the wasm memory. The mathematics is in ops/token-logprob. */
import * as tf from "@tensorflow/tfjs";
import type { TokenScores } from "../../ops";
import { withGradient } from "../gradient";
import { heap } from "./heap";

export function tokenLogprob(logits: tf.Tensor, targets: tf.Tensor): TokenScores<tf.Tensor> {
  const p = tf.softmax(logits);
  const [logprobs, entropies] = forward(logits, p, targets);
  return {
    logprobs: withGradient(
      [logits],
      () => ({ value: logprobs, saved: [p, targets] }),
      (dy, [p, targets]) => [backward(dy, p, targets)],
    ),
    entropies: withGradient(
      [logits],
      () => ({ value: entropies, saved: [p, entropies] }),
      (dy, [p, entropies]) => [entropyBackward(dy, p, entropies)],
    ),
  };
}

function forward(logits: tf.Tensor, p: tf.Tensor, targets: tf.Tensor): [logprobs: tf.Tensor, entropies: tf.Tensor] {
  const direct = heap();
  const [n, v] = logits.shape;
  const [logprobs, entropies] = [direct.make([n]), direct.make([n])];
  const [memory, integers] = [direct.memory(), direct.integers()];
  const [out, entropyOut, list] = [direct.offset(logprobs), direct.offset(entropies), direct.offset(targets)];
  let at = direct.offset(logits);
  let pAt = direct.offset(p);
  for (let row = 0; row < n; row++, at += v, pAt += v) {
    let best = 0;
    let mean = 0;
    for (let i = 0; i < v; i++) {
      if (memory[at + i] > memory[at + best]) best = i;
      mean += memory[pAt + i] * memory[at + i];
    }
    // The likeliest token's probability is at least 1 / v, so its logarithm is exact enough to be the yardstick.
    const normaliser = memory[at + best] - Math.log(memory[pAt + best]);
    memory[out + row] = memory[at + integers[list + row]] - normaliser;
    memory[entropyOut + row] = normaliser - mean;
  }
  return [logprobs, entropies];
}

function backward(dy: tf.Tensor, p: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const direct = heap();
  const [n, v] = p.shape;
  const dlogits = direct.make([n, v]);
  const [memory, integers] = [direct.memory(), direct.integers()];
  const [slopes, list] = [direct.offset(dy), direct.offset(targets)];
  let from = direct.offset(p);
  let to = direct.offset(dlogits);
  for (let row = 0; row < n; row++, from += v, to += v) {
    const slope = memory[slopes + row];
    for (let i = 0; i < v; i++) memory[to + i] = -slope * memory[from + i];
    memory[to + integers[list + row]] += slope;
  }
  return dlogits;
}

function entropyBackward(dy: tf.Tensor, p: tf.Tensor, entropies: tf.Tensor): tf.Tensor {
  const direct = heap();
  const [n, v] = p.shape;
  const dlogits = direct.make([n, v]);
  const memory = direct.memory();
  const [slopes, entropyAt] = [direct.offset(dy), direct.offset(entropies)];
  let from = direct.offset(p);
  let to = direct.offset(dlogits);
  for (let row = 0; row < n; row++, from += v, to += v) {
    for (let i = 0; i < v; i++) {
      const probability = memory[from + i];
      // p log p is 0 where p has underflowed.
      const log = probability > 0 ? Math.log(probability) : 0;
      memory[to + i] = -memory[slopes + row] * probability * (log + memory[entropyAt + row]);
    }
  }
  return dlogits;
}
