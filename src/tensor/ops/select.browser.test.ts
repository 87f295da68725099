import { integers, opCase, random } from "../testing/case";
import { testOp } from "../testing/op";

testOp("select", ({ n, shape: { headDim: d }, seed }) =>
  opCase({
    activations: { x: random(seed, [n + 2, d]) },
    inputs: {
      indices: integers(
        "places",
        Array.from({ length: n }, (_, i) => (i === 0 ? n + 1 : i)),
      ),
    },
    run: ({ ops, parameter, input }) => ops.select(parameter("x"), input("indices")),
  }),
);
