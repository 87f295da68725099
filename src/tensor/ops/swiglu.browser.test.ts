import { opCase, random } from "../testing/case";
import { testOp } from "../testing/op";

testOp("swiglu", ({ n, shape: { headDim: d, heads }, seed }) =>
  opCase({
    parameters: { gate: random(seed + 1, [heads * d, d]), up: random(seed + 2, [heads * d, d]) },
    activations: { x: random(seed, [n, d]) },
    joined: [["gate", "up"]],
    run: ({ ops, parameter }) => ops.swiglu(parameter("x"), ops.joinLinear([parameter("gate"), parameter("up")], [])),
  }),
);
