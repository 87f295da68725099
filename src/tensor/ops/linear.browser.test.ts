import { opCase, random } from "../testing/case";
import { testOp } from "../testing/op";

testOp("linear", ({ n, shape: { headDim: d, heads }, seed }) =>
  opCase({
    parameters: { w: random(seed + 1, [heads * d, d]) },
    activations: { x: random(seed, [n, d]) },
    run: ({ ops, parameter }) => ops.linear(parameter("x"), ops.joinLinear([parameter("w")], [])),
  }),
);

testOp("linear, of joined weights with biases and a residual", ({ n, shape: { headDim: d, heads }, seed }) =>
  opCase({
    parameters: {
      a: random(seed + 1, [heads, d]),
      b: random(seed + 2, [3, d]),
      biasA: random(seed + 3, [heads]),
      biasB: random(seed + 4, [3]),
    },
    activations: { x: random(seed, [n, d]), residual: random(seed + 5, [n, heads + 3]) },
    joined: [
      ["a", "b"],
      ["biasA", "biasB"],
    ],
    run: ({ ops, parameter }) => {
      const weights = ops.joinLinear([parameter("a"), parameter("b")], [parameter("biasA"), parameter("biasB")]);
      return ops.linear(parameter("x"), weights, parameter("residual"));
    },
  }),
);

testOp("linear, whose input is its residual too", ({ n, shape: { headDim: d }, seed }) =>
  opCase({
    parameters: { w: random(seed + 1, [d, d]) },
    activations: { x: random(seed, [n, d]) },
    run: ({ ops, parameter }) => ops.linear(parameter("x"), ops.joinLinear([parameter("w")], []), parameter("x")),
  }),
);

testOp("logits", ({ n, shape: { headDim: d, heads }, seed }) =>
  opCase({
    parameters: { w: random(seed + 1, [heads + 4, d]) },
    activations: { x: random(seed, [n, d]) },
    run: ({ ops, parameter }) => ops.logits(parameter("x"), ops.joinLinear([parameter("w")], [])),
  }),
);
