/**
 * Linear: y = x W^T + b, plus a residual where one is given.
 *
 * x [n, in], W [out, in] as Hugging Face stores it, b [out], residual [n, out]; y [n, out].
 * Gradients: dx = dy W, dW = dy^T x, db = the sum of dy over n, and dy for the residual.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import type { Linear } from "../ops";

/** The two products that gradients are made of, as a backend does them best. */
export interface Products {
  /** x W^T */
  forward: (x: tf.Tensor, weights: Linear<tf.Tensor>) => tf.Tensor;
  /** a^T b for a [k, m] and b [k, n]: [m, n] */
  transposed: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
}

const plain: Products = {
  forward: (x, { weight }) => tf.matMul(x, weight, false, true),
  transposed: (a, b) => tf.matMul(a, b, true, false),
};

export function linear(
  x: tf.Tensor,
  weights: Linear<tf.Tensor>,
  residual?: tf.Tensor,
  products: Products = plain,
): tf.Tensor {
  const { weight, bias } = weights;
  const inputs = [x, weight, ...(bias ? [bias] : []), ...(residual ? [residual] : [])];
  return withGradient(
    inputs,
    () => {
      const product = products.forward(x, weights);
      const biased = bias ? tf.add(product, bias) : product;
      return { value: residual ? tf.add(biased, residual) : biased, saved: [x, weight] };
    },
    (dy, [x, weight]) => {
      const grads = [tf.matMul(dy, weight), products.transposed(dy, x)];
      if (bias) grads.push(tf.sum(dy, 0));
      if (residual) grads.push(dy);
      return grads;
    },
  );
}

/** Several weights with a common input as one: their outputs stand side by side in y. */
export function joinLinear(weights: tf.Tensor[], biases: tf.Tensor[]): Linear<tf.Tensor> {
  const weight = weights.length === 1 ? weights[0] : stack(weights);
  return biases.length === 0 ? { weight } : { weight, bias: biases.length === 1 ? biases[0] : stack(biases) };
}

/** Tensors one under the other along the first axis; the gradient is cut where they meet. */
function stack(parts: tf.Tensor[]): tf.Tensor {
  const sizes = parts.map((part) => part.shape[0] ?? 0);
  return withGradient(
    parts,
    () => ({ value: tf.concat(parts, 0), saved: [] }),
    (dy) => tf.split(dy, sizes, 0),
  );
}
