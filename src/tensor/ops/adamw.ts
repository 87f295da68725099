/**
 * AdamW with decoupled weight decay, as in PyTorch, and the global norm that bounds the gradient before it.
 *
 *   g <- g min(1, bound / (norm + 1e-6)), norm = sqrt(sum over all parameters of g^2)
 *   m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2
 *   w <- w (1 - lr decay) - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
 */
import * as tf from "@tensorflow/tfjs";

export interface AdamWStep {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Factor on the gradient, from the norm's bound. */
  gradientScale: number;
  /** Counts from 1. */
  step: number;
}

/** One parameter's new value and moments, from its old ones; shapes are all the parameter's. */
export function adamW(
  weight: tf.Tensor,
  gradient: tf.Tensor,
  first: tf.Tensor,
  second: tf.Tensor,
  { learningRate, beta1, beta2, epsilon, weightDecay, gradientScale, step }: AdamWStep,
): { weight: tf.Tensor; first: tf.Tensor; second: tf.Tensor } {
  return tf.tidy(() => {
    const g = tf.mul(gradient, gradientScale);
    const m = tf.add(tf.mul(first, beta1), tf.mul(g, 1 - beta1));
    const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(g), 1 - beta2));
    const root = tf.add(tf.sqrt(tf.mul(v, 1 / (1 - beta2 ** step))), epsilon);
    const update = tf.div(tf.mul(m, learningRate / (1 - beta1 ** step)), root);
    return { weight: tf.sub(tf.mul(weight, 1 - learningRate * weightDecay), update), first: m, second: v };
  });
}

/** The Euclidean norm of all gradients together, as a scalar. (tfjs's addN is wrong on WebGPU for many tensors.) */
export function globalNorm(gradients: tf.Tensor[]): tf.Tensor {
  return tf.tidy(() => {
    const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
    return tf.sqrt(squares.reduce((total, square) => tf.add(total, square)));
  });
}
