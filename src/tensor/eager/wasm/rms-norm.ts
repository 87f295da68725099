/** RMSNorm on the wasm memory: one pass over each line, forward and backward. The mathematics is in ops/rms-norm. */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../gradient";
import { heap } from "./heap";

export function rmsNorm(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  return withGradient(
    [x, gain],
    () => ({ value: forward(x, gain, epsilon), saved: [x, gain] }),
    (dy, [x, gain]) => backward(dy, x, gain, epsilon),
  );
}

function forward(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  const direct = heap();
  const [n, d] = x.shape;
  const y = direct.make([n, d]);
  const memory = direct.memory();
  const g = direct.offset(gain);
  let from = direct.offset(x);
  let to = direct.offset(y);
  for (let row = 0; row < n; row++, from += d, to += d) {
    let squares = 0;
    for (let i = 0; i < d; i++) squares += memory[from + i] * memory[from + i];
    const r = 1 / Math.sqrt(squares / d + epsilon);
    for (let i = 0; i < d; i++) memory[to + i] = memory[from + i] * r * memory[g + i];
  }
  return y;
}

function backward(dy: tf.Tensor, x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor[] {
  const direct = heap();
  const [n, d] = x.shape;
  const dx = direct.make([n, d]);
  const memory = direct.memory();
  const g = direct.offset(gain);
  const dgain = new Float64Array(d);
  let xAt = direct.offset(x);
  let dyAt = direct.offset(dy);
  let dxAt = direct.offset(dx);
  for (let row = 0; row < n; row++, xAt += d, dyAt += d, dxAt += d) {
    let squares = 0;
    let dot = 0;
    for (let i = 0; i < d; i++) {
      const value = memory[xAt + i];
      squares += value * value;
      dot += value * memory[dyAt + i] * memory[g + i];
    }
    const r = 1 / Math.sqrt(squares / d + epsilon);
    const pull = (r * r * r * dot) / d;
    for (let i = 0; i < d; i++) {
      const value = memory[xAt + i];
      const slope = memory[dyAt + i];
      dgain[i] += slope * value * r;
      memory[dxAt + i] = r * slope * memory[g + i] - pull * value;
    }
  }
  return [dx, tf.tensor1d(new Float32Array(dgain))];
}
