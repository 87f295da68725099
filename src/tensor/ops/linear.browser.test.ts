import { named, random, testOp } from "./op-testing";

testOp("linear", ({ n, shape: { headDim: d }, seed }) => ({
  parameters: named({ x: random(seed, [n, d]), w: random(seed + 1, [d + 3, d]) }),
  run: ({ ops, parameter }) => ops.linear(parameter("x"), ops.joinLinear([parameter("w")], [])),
}));

testOp("linear, of joined weights with biases and a residual", ({ n, shape: { headDim: d, heads }, seed }) => ({
  parameters: named({
    x: random(seed, [n, d]),
    a: random(seed + 1, [heads, d]),
    b: random(seed + 2, [3, d]),
    biasA: random(seed + 3, [heads]),
    biasB: random(seed + 4, [3]),
    residual: random(seed + 5, [n, heads + 3]),
  }),
  run: ({ ops, parameter }) => {
    const weights = ops.joinLinear([parameter("a"), parameter("b")], [parameter("biasA"), parameter("biasB")]);
    return ops.linear(parameter("x"), weights, parameter("residual"));
  },
}));

testOp("logits", ({ n, shape: { headDim: d, heads }, seed }) => ({
  parameters: named({ x: random(seed, [n, d]), w: random(seed + 1, [heads + 4, d]) }),
  run: ({ ops, parameter }) => ops.logits(parameter("x"), ops.joinLinear([parameter("w")], [])),
}));
