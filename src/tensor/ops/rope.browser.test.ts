import { integers, opCase, random, randomSequences } from "../testing/case";
import { testOp } from "../testing/op";

testOp(
  "rope",
  ({ n, shape, seed }) =>
    opCase({
      activations: { x: random(seed, [n, (shape.heads + 2 * shape.kvHeads) * shape.headDim]) },
      inputs: {
        positions: integers(
          "tokens",
          Array.from({ length: n }, (_, i) => (i * 7) % shape.positions),
        ),
      },
      run: ({ ops, parameter, input }) => ops.rope(parameter("x"), input("positions"), shape),
    }),
  // On a plan, what reads it does it on the way.
  ["wasm"],
);

testOp("rope, as attention does it on the way", ({ n, shape, seed }) =>
  opCase({
    activations: { x: random(seed, [n, (shape.heads + 2 * shape.kvHeads) * shape.headDim]) },
    inputs: {
      positions: integers(
        "tokens",
        Array.from({ length: n }, (_, i) => (i * 7) % shape.positions),
      ),
      first: integers("tokens", randomSequences(n, seed), "index"),
    },
    run: ({ ops, parameter, input }) =>
      ops.attention(ops.rope(parameter("x"), input("positions"), shape), input("first"), shape),
  }),
);
