/**
 * Log-probability of given tokens, and the entropy of the distribution that they were drawn from.
 *
 * logits [n, v], targets [n]; with log p = logits - logsumexp(logits): logprobs [n] = log p(target), entropies [n] =
 * -sum p log p, in nats. Gradients: dlogits = dlogprob (onehot(target) - p) - dentropy p (log p + entropy).
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import type { TokenScores } from "../ops";
import { oneHot } from "./embed";

export function tokenLogprob(logits: tf.Tensor, targets: tf.Tensor): TokenScores<tf.Tensor> {
  const [n, v] = logits.shape;
  const logprobs = withGradient(
    [logits],
    () => ({ value: tf.sum(tf.mul(logLikelihood(logits), oneHot(targets, v)), -1), saved: [logits, targets] }),
    (dy, [logits, targets]) => [
      tf.mul(tf.reshape(dy, [n, 1]), tf.sub(oneHot(targets, v), tf.exp(logLikelihood(logits)))),
    ],
  );
  const entropies = withGradient(
    [logits],
    () => ({ value: entropyOf(logLikelihood(logits)), saved: [logits] }),
    (dy, [logits]) => {
      const log = logLikelihood(logits);
      const slope = tf.mul(tf.exp(log), tf.add(log, tf.reshape(entropyOf(log), [n, 1])));
      return [tf.mul(tf.neg(tf.reshape(dy, [n, 1])), slope)];
    },
  );
  return { logprobs, entropies };
}

function logLikelihood(logits: tf.Tensor): tf.Tensor {
  return tf.sub(logits, tf.logSumExp(logits, -1, true));
}

function entropyOf(log: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(tf.exp(log), log), -1));
}
