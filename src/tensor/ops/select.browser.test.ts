import { named, random, testOp } from "./op-testing";

testOp("select", ({ n, shape: { headDim: d }, seed }) => ({
  parameters: named({ x: random(seed, [n + 2, d]) }),
  inputs: { indices: Int32Array.from({ length: n }, (_, i) => (i === 0 ? n + 1 : i)) },
  run: ({ ops, parameter, input }) => ops.select(parameter("x"), input("indices")),
}));
