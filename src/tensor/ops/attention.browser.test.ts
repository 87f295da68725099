import { named, random, randomSequences, testOp } from "./op-testing";

testOp("attention", ({ n, shape, seed }) => ({
  parameters: named({ x: random(seed, [2 * n, (shape.heads + 2 * shape.kvHeads) * shape.headDim], 2) }),
  inputs: { first: randomSequences(2 * n, seed) },
  run: ({ ops, parameter, input }) => ops.attention(parameter("x"), input("first"), shape),
}));
