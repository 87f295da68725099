import { named, random, testOp } from "./op-testing";

testOp("rope", ({ n, shape, seed }) => ({
  parameters: named({ x: random(seed, [n, (shape.heads + 2 * shape.kvHeads) * shape.headDim]) }),
  inputs: { positions: Int32Array.from({ length: n }, (_, i) => (i * 7) % shape.positions) },
  run: ({ ops, parameter, input }) => ops.rope(parameter("x"), input("positions"), shape),
}));
