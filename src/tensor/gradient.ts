/** Where tfjs's differentiation is touched: an op with a gradient of its own, and the gradients of a loss. */
import * as tf from "@tensorflow/tfjs-core";

/**
 * An op with a gradient of its own. `forward` returns the value and the tensors that `backward` will need; `backward`
 * receives the gradient of the value and those tensors and returns one gradient per input, in order.
 */
export function withGradient(
  inputs: tf.Tensor[],
  forward: () => { value: tf.Tensor; saved: tf.Tensor[] },
  backward: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor {
  const op = tf.customGrad((...tensorsAndSave: (tf.Tensor | ((tensors: tf.Tensor[]) => void))[]) => {
    const { value, saved } = forward();
    const save = tensorsAndSave[tensorsAndSave.length - 1];
    if (typeof save === "function") save(saved);
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => tf.tidy(() => backward(dy, kept)) };
  });
  return op(...inputs);
}

/**
 * The gradients of a scalar loss. `loss` runs on the tape: every op on the way from a parameter to the loss must have
 * been made by `withGradient`, because tfjs's own gradients are not loaded (several are slow or wrong on wasm).
 *
 * @returns the gradients in the parameters' order; the caller disposes of them, and of the value.
 */
export function differentiate(
  loss: () => tf.Tensor,
  parameters: tf.Tensor[],
): { value: tf.Tensor; grads: tf.Tensor[] } {
  return tf.tidy(() => tf.engine().gradients(loss, parameters));
}
