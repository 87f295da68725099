/** SwiGLU on the wasm memory. The mathematics is in ops/swiglu. */
import * as tf from "@tensorflow/tfjs";
import type { Linear } from "../../ops";
import { withGradient } from "../gradient";
import { heap } from "./heap";
import { linear } from "./linear";

export function swiglu(x: tf.Tensor, gateUp: Linear<tf.Tensor>): tf.Tensor {
  return gated(linear(x, gateUp));
}

/** x [n, 2 f] holds gate and up side by side. */
function gated(x: tf.Tensor): tf.Tensor {
  return withGradient(
    [x],
    () => {
      const s = tf.sigmoid(gates(x));
      return { value: forward(x, s), saved: [x, s] };
    },
    (dy, [x, s]) => [backward(dy, x, s)],
  );
}

/** The left half of each row on its own, so that tfjs's vectorised sigmoid runs over nothing else. */
function gates(x: tf.Tensor): tf.Tensor {
  const direct = heap();
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

function forward(x: tf.Tensor, s: tf.Tensor): tf.Tensor {
  const direct = heap();
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

function backward(dy: tf.Tensor, x: tf.Tensor, s: tf.Tensor): tf.Tensor {
  const direct = heap();
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
