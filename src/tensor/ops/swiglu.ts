/**
 * SwiGLU: y = silu(gate) up, with silu(z) = z sigmoid(z).
 *
 * x [n, 2 f] holds gate and up side by side; y [n, f].
 * Gradients, with s = sigmoid(gate): dgate = dy up s (1 + gate (1 - s)), dup = dy gate s.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../gradient";
import { type Heap, heap } from "../heap";

export function swiglu(x: tf.Tensor): tf.Tensor {
  const direct = heap();
  if (direct) return onHeap(direct, x);
  return withGradient(
    [x],
    () => {
      const [gate, up] = tf.split(x, 2, 1);
      return { value: tf.mul(tf.mul(gate, tf.sigmoid(gate)), up), saved: [x] };
    },
    (dy, [x]) => {
      const [gate, up] = tf.split(x, 2, 1);
      const s = tf.sigmoid(gate);
      const slope = tf.mul(s, tf.add(1, tf.mul(gate, tf.sub(1, s))));
      return [tf.concat([tf.mul(tf.mul(dy, up), slope), tf.mul(dy, tf.mul(gate, s))], 1)];
    },
  );
}

function onHeap(direct: Heap, x: tf.Tensor): tf.Tensor {
  return withGradient(
    [x],
    () => {
      const s = tf.sigmoid(gates(direct, x));
      return { value: forward(direct, x, s), saved: [x, s] };
    },
    (dy, [x, s]) => [backward(direct, dy, x, s)],
  );
}

/** The left half of each row on its own, so that tfjs's vectorised sigmoid runs over nothing else. */
function gates(direct: Heap, x: tf.Tensor): tf.Tensor {
  const [n, width] = x.shape;
  const f = width / 2;
  const gate = direct.make([n, f]);
  const memory = direct.memory();
  const from = direct.offset(x);
  const to = direct.offset(gate);
  for (let row = 0; row < n; row++) {
    memory.copyWithin(to + row * f, from + row * width, from + row * width + f);
  }
  return gate;
}

function forward(direct: Heap, x: tf.Tensor, s: tf.Tensor): tf.Tensor {
  const [n, f] = s.shape;
  const y = direct.make([n, f]);
  const memory = direct.memory();
  let xAt = direct.offset(x);
  let sAt = direct.offset(s);
  let yAt = direct.offset(y);
  for (let row = 0; row < n; row++, xAt += 2 * f, sAt += f, yAt += f) {
    for (let i = 0; i < f; i++) memory[yAt + i] = memory[xAt + i] * memory[sAt + i] * memory[xAt + f + i];
  }
  return y;
}

function backward(direct: Heap, dy: tf.Tensor, x: tf.Tensor, s: tf.Tensor): tf.Tensor {
  const [n, f] = s.shape;
  const dx = direct.make([n, 2 * f]);
  const memory = direct.memory();
  let xAt = direct.offset(x);
  let sAt = direct.offset(s);
  let dyAt = direct.offset(dy);
  let dxAt = direct.offset(dx);
  for (let row = 0; row < n; row++, xAt += 2 * f, dxAt += 2 * f, sAt += f, dyAt += f) {
    for (let i = 0; i < f; i++) {
      const gate = memory[xAt + i];
      const sigmoid = memory[sAt + i];
      const slope = memory[dyAt + i];
      memory[dxAt + i] = slope * memory[xAt + f + i] * sigmoid * (1 + gate * (1 - sigmoid));
      memory[dxAt + f + i] = slope * gate * sigmoid;
    }
  }
  return dx;
}
