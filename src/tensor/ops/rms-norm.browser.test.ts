import { named, random, testOp } from "./op-testing";

testOp("rmsNorm", ({ n, shape: { headDim: d }, seed }) => ({
  parameters: named({ x: random(seed, [n, d]), gain: random(seed + 1, [d]) }),
  run: ({ ops, parameter }) => ops.rmsNorm(parameter("x"), parameter("gain"), 1e-5),
}));
