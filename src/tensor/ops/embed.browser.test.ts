import { named, random, testOp } from "./op-testing";

testOp("embed", ({ n, shape: { headDim: d }, seed }) => ({
  parameters: named({ table: random(seed, [5, d]) }),
  inputs: { ids: Int32Array.from({ length: n }, (_, i) => (i * 3) % 5) },
  run: ({ ops, parameter, input }) => ops.embed(parameter("table"), input("ids")),
}));
