import { expect, test } from "vitest";
import { integers, opCase, random } from "../testing/case";
import { eagerly } from "../testing/eager";
import { testOp } from "../testing/op";

const targets = (n: number, v: number) =>
  integers(
    "places",
    Array.from({ length: n }, (_, i) => (i * 5) % v),
  );

testOp("tokenLogprob", ({ n, shape: { headDim: d }, seed }) =>
  opCase({
    activations: { logits: random(seed, [n, d + 5], 4) },
    size: "places",
    inputs: { targets: targets(n, d + 5) },
    run: ({ ops, parameter, input }) => ops.tokenLogprob(parameter("logits"), input("targets")).logprobs,
  }),
);

testOp(
  "tokenLogprob's entropy",
  ({ n, shape: { headDim: d }, seed }) =>
    opCase({
      activations: { logits: random(seed, [n, d + 5], 2) },
      size: "places",
      inputs: { targets: targets(n, d + 5) },
      run: ({ ops, parameter, input }) => ops.tokenLogprob(parameter("logits"), input("targets")).entropies,
    }),
  // On a plan nothing flows back from the entropy alone.
  ["wasm"],
);

test("log-probabilities and entropies are those of the softmax", async () => {
  const [n, v] = [40, 7];
  const logits = random(3, [n, v], 4);
  const line = (i: number): number[] => [...logits.values.subarray(i * v, (i + 1) * v)];
  const normaliser = (i: number): number => Math.log(line(i).reduce((sum, logit) => sum + Math.exp(logit), 0));
  const run = (which: "logprobs" | "entropies") =>
    eagerly("cpu")(
      opCase({
        activations: { logits },
        inputs: { targets: targets(n, v) },
        run: ({ ops, parameter, input }) => ops.tokenLogprob(parameter("logits"), input("targets"))[which],
      }),
    );
  const [logprobs, entropies] = [(await run("logprobs")).value, (await run("entropies")).value];
  for (let i = 0; i < n; i++) {
    expect(logprobs[i]).toBeCloseTo(line(i)[targets(n, v).values[i]] - normaliser(i), 5);
    const entropy = line(i).reduce((sum, logit) => {
      const log = logit - normaliser(i);
      return sum - Math.exp(log) * log;
    }, 0);
    expect(entropies[i]).toBeCloseTo(entropy, 5);
  }
});
