import { integers, opCase, random, randomSequences } from "../testing/case";
import { testOp } from "../testing/op";

testOp("attention", ({ n, shape, seed }) =>
  opCase({
    activations: { x: random(seed, [2 * n, (shape.heads + 2 * shape.kvHeads) * shape.headDim], 2) },
    inputs: { first: integers("tokens", randomSequences(2 * n, seed), "index") },
    run: ({ ops, parameter, input }) => ops.attention(parameter("x"), input("first"), shape),
  }),
);
