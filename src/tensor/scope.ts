/** Lifetimes and readback of handles, for the rooms above, which never see tfjs itself. */
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

/** Computes a handle, reads its values and disposes of it and of all intermediates. */
export async function readOut(make: () => tf.Tensor): Promise<Float32Array> {
  const tensor = tf.tidy(make);
  try {
    return new Float32Array(await tensor.data<"float32">());
  } finally {
    tensor.dispose();
  }
}

/** Live tensors and their bytes on the active backend. */
export function tensorMemory(): { tensors: number; bytes: number } {
  const { numTensors, numBytes } = tf.memory();
  return { tensors: numTensors, bytes: numBytes };
}
