import { opCase, random } from "../testing/case";
import { testOp } from "../testing/op";

testOp("rmsNorm", ({ n, shape: { headDim: d }, seed }) =>
  opCase({
    parameters: { gain: random(seed + 1, [d]) },
    activations: { x: random(seed, [n, d]) },
    run: ({ ops, parameter }) => ops.rmsNorm(parameter("x"), parameter("gain"), 1e-5),
  }),
);
