/**
 * Log-probability of given tokens, and the entropy of the distribution that they were drawn from.
 *
 * logits [n, v], targets [n]; y [2, n]: first log p(target), with log p = logits - logsumexp(logits); then the entropy
 * H = -sum p log p, in nats. Gradient of the first line: dlogits = dy (onehot(target) - p). The entropy is a statistic
 * here: nothing flows back through it.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../gradient";
import { type Heap, heap } from "../heap";

export function tokenLogprob(logits: tf.Tensor, targets: Int32Array): tf.Tensor {
  const direct = heap();
  return withGradient(
    [logits],
    () => {
      const p = tf.softmax(logits);
      return { value: direct ? forwardOnHeap(direct, logits, p, targets) : forward(logits, p, targets), saved: [p] };
    },
    (dy, [p]) => [direct ? backwardOnHeap(direct, dy, p, targets) : backward(dy, p, targets)],
  );
}

function oneHot(targets: Int32Array, v: number): tf.Tensor {
  return tf.cast(tf.oneHot(tf.tensor1d(targets, "int32"), v), "float32");
}

function forward(logits: tf.Tensor, p: tf.Tensor, targets: Int32Array): tf.Tensor {
  const [, v] = logits.shape;
  const normaliser = tf.logSumExp(logits, -1);
  const logprobs = tf.sub(tf.sum(tf.mul(logits, oneHot(targets, v)), -1), normaliser);
  return tf.stack([logprobs, tf.sub(normaliser, tf.sum(tf.mul(p, logits), -1))]);
}

function backward(dy: tf.Tensor, p: tf.Tensor, targets: Int32Array): tf.Tensor {
  const [n, v] = p.shape;
  const slope = tf.reshape(tf.slice(dy, [0, 0], [1, n]), [n, 1]);
  return tf.mul(slope, tf.sub(oneHot(targets, v), p));
}

function forwardOnHeap(direct: Heap, logits: tf.Tensor, p: tf.Tensor, targets: Int32Array): tf.Tensor {
  const [n, v] = logits.shape;
  const y = direct.make([2, n]);
  const memory = direct.memory();
  const out = direct.offset(y);
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
    memory[out + row] = memory[at + targets[row]] - normaliser;
    memory[out + n + row] = normaliser - mean;
  }
  return y;
}

function backwardOnHeap(direct: Heap, dy: tf.Tensor, p: tf.Tensor, targets: Int32Array): tf.Tensor {
  const [n, v] = p.shape;
  const dlogits = direct.make([n, v]);
  const memory = direct.memory();
  const slopes = direct.offset(dy);
  let from = direct.offset(p);
  let to = direct.offset(dlogits);
  for (let row = 0; row < n; row++, from += v, to += v) {
    const slope = memory[slopes + row];
    for (let i = 0; i < v; i++) memory[to + i] = -slope * memory[from + i];
    memory[to + targets[row]] += slope;
  }
  return dlogits;
}
