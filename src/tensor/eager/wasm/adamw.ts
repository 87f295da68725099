/** AdamW and the gradients' norm on the wasm memory. The mathematics is in ops/adamw. */
import * as tf from "@tensorflow/tfjs";
import type { AdamWStep } from "../../ops/adamw";
import type { Optimizer } from "../parameters";
import { heap } from "./heap";

export const optimizer: Optimizer = { adamW, globalNorm };

function adamW(
  weight: tf.Tensor,
  gradient: tf.Tensor,
  first: tf.Tensor,
  second: tf.Tensor,
  { learningRate, beta1, beta2, epsilon, weightDecay, gradientScale, step }: AdamWStep,
): { weight: tf.Tensor; first: tf.Tensor; second: tf.Tensor } {
  const { kernels, make, address } = heap();
  const next = { weight: make(weight.shape), first: make(weight.shape), second: make(weight.shape) };
  kernels.adamW(
    weight.size,
    address(weight),
    address(gradient),
    address(first),
    address(second),
    address(next.weight),
    address(next.first),
    address(next.second),
    gradientScale,
    beta1,
    beta2,
    1 - learningRate * weightDecay,
    learningRate / (1 - beta1 ** step),
    1 / (1 - beta2 ** step),
    epsilon,
  );
  return next;
}

function globalNorm(gradients: tf.Tensor[]): tf.Tensor {
  const { kernels, address } = heap();
  const squares = gradients.map((gradient) => kernels.squares(gradient.size, address(gradient)));
  return tf.scalar(Math.sqrt(squares.reduce((total, square) => total + square)));
}
