import { integers, opCase, random, type Sizes } from "../testing/case";
import { testOp } from "../testing/op";

const indices = (n: number) =>
  integers(
    "places",
    Array.from({ length: n }, (_, i) => (i === 0 ? n + 1 : i)),
  );

testOp("select", ({ n, shape: { headDim: d }, seed }) =>
  opCase({
    activations: { x: random(seed, [n + 2, d]) },
    inputs: { indices: indices(n) },
    run: ({ ops, parameter, input }) => ops.select([parameter("x")], input("indices"))[0],
  }),
);

// Both results have to flow into one value: the first as it is, the second through a product.
testOp("select of two", ({ n, shape: { headDim: d, heads }, seed }: Sizes) =>
  opCase({
    parameters: { weight: random(seed + 1, [d, 4 * heads]) },
    activations: { x: random(seed + 2, [n + 2, d]), z: random(seed + 3, [n + 2, 4 * heads]) },
    inputs: { indices: indices(n) },
    run: ({ ops, parameter, input }) => {
      const [x, z] = ops.select([parameter("x"), parameter("z")], input("indices"));
      return ops.linear(z, ops.joinLinear([parameter("weight")], []), x);
    },
  }),
);
