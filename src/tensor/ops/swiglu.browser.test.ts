import { named, random, testOp } from "./op-testing";

testOp("swiglu", ({ n, shape: { headDim: d, heads: f }, seed }) => ({
  parameters: named({ x: random(seed, [n, d], 2), gate: random(seed + 1, [f, d]), up: random(seed + 2, [f, d]) }),
  run: ({ ops, parameter }) => ops.swiglu(parameter("x"), ops.joinLinear([parameter("gate"), parameter("up")], [])),
}));
