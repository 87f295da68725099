/**
 * Whether a backend computes this policy rightly, tried before anything is learned on it: drivers exist whose results
 * are silently wrong. What is compiled for the test is what the run needs anyway.
 */
import { keyAt, makeRng } from "../core/rng";
import { type Backend, chooseBackend } from "../tensor/device";
import { makePolicy, type PolicyOptions } from "./engine-policy";
import type { AdamWSettings, LlamaConfig, Policy, PolicyBatch, Weights } from "./policy";

/** Past these the two do not compute the same; rounding alone stays a hundred times below. */
const tolerance = { loss: 1e-3, gradient: 1e-2, logprob: 1e-3 };

const shape = { rows: 2, length: 12 };
const settings: AdamWSettings = {
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0,
  gradientClip: 1,
};

function batchFor(vocabulary: number): PolicyBatch {
  const rng = makeRng(1).fold("self-test");
  const { rows, length } = shape;
  const count = rows * (length - 1);
  return {
    kind: "policy",
    rows,
    length,
    ids: Int32Array.from({ length: rows * length }, () => rng.int(0, vocabulary - 1)),
    weights: new Float32Array(count).fill(1 / count),
    oldLogprobs: new Float32Array(count).fill(-Math.log(vocabulary)),
    advantages: Float32Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 1 : -1)),
    clipLow: 0.2,
    clipHigh: 0.28,
    dualClip: 10,
  };
}

/** One row that writes until it is full: its tokens, and how likely the decoder held each. */
async function write(policy: Policy): Promise<{ ids: Int32Array; logprobs: number[] }> {
  const { length } = shape;
  const decoder = policy.makeDecoder({ rows: 1, capacity: length, sampling: { temperature: 1, topP: 1 }, stops: [] });
  const prompt = [1, 2, 3];
  const [tokens, logprobs] = [[...prompt], [] as number[]];
  try {
    await decoder.begin([{ row: 0, prompt, key: keyAt(1) }]);
    // A driver that loses what is written must not make anyone wait for ever.
    for (let turn = 0; tokens.length < length && turn < 4 * length; turn++) {
      for (const written of await decoder.advance()) {
        tokens.push(...written.tokens);
        logprobs.push(...written.policyLogprobs);
      }
    }
  } finally {
    decoder.dispose();
  }
  return { ids: Int32Array.from(tokens), logprobs };
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((gap, value, i) => {
    const difference = Math.abs(value - b[i]);
    return Number.isNaN(difference) ? Infinity : Math.max(gap, difference);
  }, 0);

/** What differs between a policy and the oracle's, in words; null where nothing does. */
async function compare(tested: Policy, oracle: Policy): Promise<string | null> {
  const { ids, logprobs } = await write(tested);
  if (ids.length !== shape.length) return `it wrote ${ids.length} tokens of ${shape.length}`;
  const expected = await oracle.logprobs({ rows: 1, length: ids.length, ids });
  const written = farthest(logprobs, expected.subarray(ids.length - 1 - logprobs.length));
  if (!(written <= tolerance.logprob)) return `the text it writes is off by ${written.toPrecision(2)} nats`;
  const batch = batchFor(tested.config.vocab_size);
  const [own, right] = [await tested.update(batch, settings), await oracle.update(batch, settings)];
  const loss = Math.abs(own.loss - right.loss);
  if (!(loss <= tolerance.loss)) return `its loss is off by ${loss.toPrecision(2)}`;
  const gradient = Math.abs(own.gradientNorm / right.gradientNorm - 1);
  if (!(gradient <= tolerance.gradient)) return `its gradient is off by ${(100 * gradient).toPrecision(2)} %`;
  const after = { rows: shape.rows, length: shape.length, ids: batch.ids };
  const moved = farthest(await tested.logprobs(after), await oracle.logprobs(after));
  return moved <= tolerance.logprob ? null : `after a step it is off by ${moved.toPrecision(2)} nats`;
}

/**
 * Decodes, scores and takes a training step on the backend and on the cpu, with the policy's own weights; what differs,
 * in words, or null where nothing does. Changes nothing.
 *
 * @throws FaultError where the backend fails.
 */
export async function selfTest(
  backend: Backend,
  config: LlamaConfig,
  weights: Weights,
  options: PolicyOptions = {},
): Promise<string | null> {
  const oracle = makePolicy(await chooseBackend("cpu"), config, weights);
  try {
    const tested = makePolicy(backend, config, weights, options);
    try {
      return await compare(tested, oracle);
    } finally {
      tested.dispose();
    }
  } finally {
    oracle.dispose();
  }
}
