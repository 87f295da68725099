/** Lifetimes and readback of eager tensors. */
import * as tf from "@tensorflow/tfjs";

/** Runs `make` and keeps everything that it made until `dispose` is called. */
export function kept<T>(make: () => T): { value: T; dispose: () => void } {
  const made: tf.Tensor[] = [];
  tf.engine().startScope("kept");
  try {
    const value = make();
    made.push(...tf.engine().state.activeScope.track);
    for (const tensor of made) tf.keep(tensor);
    return { value, dispose: () => tf.dispose(made) };
  } finally {
    tf.engine().endScope();
  }
}

/** Computes handles, reads their values and disposes of them and of all intermediates. */
export async function readOut(make: () => tf.Tensor[]): Promise<Float32Array[]> {
  const tensors = tf.tidy(make);
  try {
    const values = await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
    return values.map((list) => new Float32Array(list));
  } finally {
    tf.dispose(tensors);
  }
}
