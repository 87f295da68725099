/** Where tfjs's differentiation is touched: an op with a gradient of its own, and the gradients of a loss. */
import * as tf from "@tensorflow/tfjs";

/**
 * Tensors that the backward pass of the `differentiate` under way still needs. tfjs would keep clones instead, and a
 * clone on wasm is a copy.
 */
let retained: Set<tf.Tensor> | undefined;

/**
 * An op with a gradient of its own. `forward` returns the value and the tensors that `backward` will need; `backward`
 * receives the gradient of the value and those tensors and returns one gradient per input, in order.
 */
export function withGradient(
  inputs: tf.Tensor[],
  forward: () => { value: tf.Tensor; saved: tf.Tensor[] },
  backward: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor {
  const op = tf.customGrad(() => {
    const { value, saved } = forward();
    for (const tensor of saved) {
      // What somebody else keeps already (a parameter) is not ours to release.
      if (retained && !tensor.kept) retained.add(tf.keep(tensor));
    }
    return { value, gradFunc: (dy: tf.Tensor) => tf.tidy(() => backward(dy, saved)) };
  });
  return op(...inputs);
}

/**
 * The gradients of the sum of scalar losses. `losses` runs on the tape: every op on the way from a parameter to a loss
 * must have been made by `withGradient`, because tfjs's own gradients are not loaded (several are slow or wrong on
 * wasm).
 *
 * @returns the gradients in the parameters' order; the caller disposes of them, and of the value.
 */
export function differentiate(
  losses: () => tf.Tensor[],
  parameters: tf.Tensor[],
): { value: tf.Tensor; grads: tf.Tensor[] } {
  if (retained) throw new Error("A gradient was asked for inside another; there are no second derivatives here.");
  retained = new Set();
  try {
    return tf.tidy(() => {
      const { value, grads } = tf.engine().gradients(() => losses().reduce(add), parameters);
      return { value, grads: parameters.map((parameter, i) => present(grads[i]) ?? tf.zerosLike(parameter)) };
    });
  } finally {
    tf.dispose([...retained]);
    retained = undefined;
  }
}

/** tfjs has no gradient for a parameter that the losses do not reach, though its types say otherwise. */
function present(gradient: tf.Tensor | undefined): tf.Tensor | undefined {
  return gradient;
}

function add(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return withGradient(
    [a, b],
    () => ({ value: tf.add(a, b), saved: [] }),
    (dy) => [dy, dy],
  );
}
