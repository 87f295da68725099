/**
 * Linear: y = x W^T + b.
 *
 * x [n, in], W [out, in] as Hugging Face stores it, b [out]; y [n, out].
 * Gradients: dx = dy W, dW = dy^T x, db = the sum of dy over n.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../gradient";
import { heap } from "../heap";
import { multiplyTransposed, transpose } from "../matmul";

/** A weight, made ready once for as many products as its values last. */
export interface Linear<T> {
  weight: T;
  bias?: T;
  /** W^T, where the backend is quick at plain products only. */
  transposed?: T;
}

/** Several weights with a common input as one: their outputs stand side by side in y. */
export function joinLinear(weights: tf.Tensor[], biases: tf.Tensor[]): Linear<tf.Tensor> {
  const weight = weights.length === 1 ? weights[0] : stack(weights);
  const linear: Linear<tf.Tensor> = { weight };
  if (biases.length > 0) linear.bias = stack(biases);
  if (heap()) linear.transposed = transpose(weight);
  return linear;
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

export function linear(x: tf.Tensor, { weight, bias, transposed }: Linear<tf.Tensor>): tf.Tensor {
  const inputs = bias ? [x, weight, bias] : [x, weight];
  return withGradient(
    inputs,
    () => {
      const product = transposed ? tf.matMul(x, transposed) : tf.matMul(x, weight, false, true);
      return { value: bias ? tf.add(product, bias) : product, saved: [x, weight] };
    },
    (dy, [x, weight]) => {
      const grads = [tf.matMul(dy, weight), multiplyTransposed(dy, x)];
      if (bias) grads.push(tf.sum(dy, 0));
      return grads;
    },
  );
}
