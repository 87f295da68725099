/** RMSNorm on the wasm memory. The mathematics is in ops/rms-norm. */
import type * as tf from "@tensorflow/tfjs";
import { withGradient } from "../gradient";
import { heap } from "./heap";

export function rmsNorm(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  const [n, d] = x.shape;
  return withGradient(
    [x, gain],
    () => {
      const { kernels, make, address } = heap();
      const y = make([n, d]);
      kernels.rmsNorm(n, d, address(x), address(gain), address(y), epsilon);
      return { value: y, saved: [x, gain] };
    },
    (dy, [x, gain]) => {
      const { kernels, make, makeZeros, address } = heap();
      const [dx, dgain] = [make([n, d]), makeZeros([d])];
      kernels.rmsNormBackward(n, d, address(x), address(gain), address(dy), address(dx), address(dgain), epsilon);
      return [dx, dgain];
    },
  );
}
