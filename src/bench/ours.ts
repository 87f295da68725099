/** The lab's own engine, through the same doors as the lab. */
import { makePolicy } from "../policy/engine-policy";
import type { Policy } from "../policy/policy";
import { type Backend, chooseBackend } from "../tensor/device";
import type { Engine } from "../tensor/engine";
import type { Evaluation } from "../tensor/program";
import { type OpenSubject, productShape, type WrittenRow } from "./subject";

export const openOurs: OpenSubject = async (name, { config, weights, settings }) => {
  const backend = await chooseBackend(name);
  let policy: Policy = makePolicy(backend, config, weights);
  return {
    adapter: backend.info.adapter,
    train: async (batch) => (await policy.update(batch, settings)).loss,
    reset: async () => {
      policy.dispose();
      policy = makePolicy(backend, config, weights);
      return Promise.resolve();
    },
    decode: (rows, tokens) => decode(policy, rows, tokens),
    multiply: makeMultiply(backend),
    bytes: () => policy.memory().bytes,
    close: () => policy.dispose(),
  };
};

const { rows, edge, times } = productShape;

const product: Evaluation = {
  name: "product",
  inputs: { ids: { type: "int32", size: "tokens" }, places: { type: "int32", size: "places" } },
  run: ({ ops, parameter, input }) => {
    let x = ops.embed(parameter("x"), input("ids"));
    const weights = ops.joinLinear([parameter("weight")], []);
    for (let i = 0; i < times; i++) x = ops.linear(x, weights, x);
    return ops.select([x], input("places"));
  },
};

/** Its engine is made when it is first asked for. */
function makeMultiply(backend: Backend): () => Promise<void> {
  const matrix = (shape: number[], value: number) => ({
    shape,
    values: new Float32Array(shape[0] * shape[1]).fill(value),
  });
  const parameters = new Map([
    ["x", matrix([rows, edge], 1)],
    ["weight", matrix([edge, edge], 0.001)],
  ]);
  let engine: Engine | undefined;
  const ids = Int32Array.from({ length: rows }, (_, i) => i);
  return async () => {
    engine ??= backend.makeEngine({
      parameters,
      joined: [],
      activationBytes: 8 * edge,
      longest: rows,
      tokenBudget: rows,
    });
    await engine.evaluate(product, { ids, places: Int32Array.of(0) });
  };
}

async function decode(policy: Policy, rows: number, tokens: number): Promise<WrittenRow> {
  const sampling = { temperature: 1, topP: 1 };
  const decoder = policy.makeDecoder({ rows, capacity: tokens + 1, sampling, stops: [] });
  await decoder.begin(Array.from({ length: rows }, (_, row) => ({ row, prompt: [row % 7], key: row })));
  const first: WrittenRow = { tokens: [0], logprobs: [] };
  for (;;) {
    const written = await decoder.advance();
    if (written.length === 0) break;
    for (const row of written) {
      if (row.row !== 0) continue;
      first.tokens.push(...row.tokens);
      first.logprobs.push(...row.policyLogprobs);
    }
  }
  decoder.dispose();
  return first;
}
