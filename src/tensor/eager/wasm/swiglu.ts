/** SwiGLU on the wasm memory. The mathematics is in ops/swiglu. */
import type * as tf from "@tensorflow/tfjs";
import type { Linear } from "../../ops";
import { withGradient } from "../gradient";
import { heap } from "./heap";
import { linear } from "./linear";

export function swiglu(x: tf.Tensor, gateUp: Linear<tf.Tensor>): tf.Tensor {
  return gated(linear(x, gateUp));
}

/** x [n, 2 f] holds gate and up side by side. */
function gated(x: tf.Tensor): tf.Tensor {
  const [n, width] = x.shape;
  const f = width / 2;
  return withGradient(
    [x],
    () => {
      const { kernels, make, address } = heap();
      const y = make([n, f]);
      kernels.swiglu(n, f, address(x), address(y));
      return { value: y, saved: [x] };
    },
    (dy, [x]) => {
      const { kernels, make, address } = heap();
      const dx = make([n, width]);
      kernels.swigluBackward(n, f, address(x), address(dy), address(dx));
      return [dx];
    },
  );
}
