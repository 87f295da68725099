/**
 * RMSNorm: y = x r g, with r = 1 / sqrt(mean(x^2) + epsilon) over the last axis.
 *
 * x [n, d], g [d]; y [n, d].
 * Gradients: dg = the sum over n of dy x r; dx = r (h - x r^2 mean(h x)), with h = dy g.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../gradient";
import { type Heap, heap } from "../heap";

export function rmsNorm(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  const direct = heap();
  return withGradient(
    [x, gain],
    () => ({ value: direct ? forwardOnHeap(direct, x, gain, epsilon) : forward(x, gain, epsilon), saved: [x, gain] }),
    (dy, [x, gain]) => (direct ? backwardOnHeap(direct, dy, x, gain, epsilon) : backward(dy, x, gain, epsilon)),
  );
}

function inverseRoot(x: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon));
}

function forward(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.mul(tf.mul(x, inverseRoot(x, epsilon)), gain);
}

function backward(dy: tf.Tensor, x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor[] {
  const r = inverseRoot(x, epsilon);
  const normal = tf.mul(x, r);
  const h = tf.mul(dy, gain);
  const dx = tf.mul(r, tf.sub(h, tf.mul(normal, tf.mean(tf.mul(h, normal), -1, true))));
  return [dx, tf.sum(tf.mul(dy, normal), 0)];
}

function forwardOnHeap(direct: Heap, x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
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

function backwardOnHeap(direct: Heap, dy: tf.Tensor, x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor[] {
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
