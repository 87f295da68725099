/** Linear layers out of the two products at which the wasm backend is quick. The mathematics is in ops/linear. */
import * as tf from "@tensorflow/tfjs";
import type { Linear } from "../../ops";
import { joinLinear as join, linear as compose, type Products } from "../../ops/linear";
import { multiplyTransposed, transpose } from "./matmul";

const products: Products = {
  forward: (x, { weight, transposed }) => tf.matMul(x, transposed ?? transpose(weight)),
  transposed: multiplyTransposed,
};

export function joinLinear(weights: tf.Tensor[], biases: tf.Tensor[]): Linear<tf.Tensor> {
  const joined = join(weights, biases);
  return { ...joined, transposed: transpose(joined.weight) };
}

export function linear(x: tf.Tensor, weights: Linear<tf.Tensor>, residual?: tf.Tensor): tf.Tensor {
  return compose(x, weights, residual, products);
}
