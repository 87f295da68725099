import { integers, opCase, random } from "../testing/case";
import { testOp } from "../testing/op";

testOp("embed", ({ n, shape: { headDim: d }, seed }) =>
  opCase({
    parameters: { table: random(seed, [5, d]) },
    inputs: {
      ids: integers(
        "tokens",
        Array.from({ length: n }, (_, i) => (i * 3) % 5),
      ),
    },
    run: ({ ops, parameter, input }) => ops.embed(parameter("table"), input("ids")),
  }),
);
