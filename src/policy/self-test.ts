/**
 * Whether a backend computes this policy rightly, tried before anything is learned on it: drivers exist whose results
 * are silently wrong. What is compiled for the test is what the run needs anyway.
 */
import { keyAt, makeRng } from "../core/rng";
import { type Backend, chooseBackend } from "../tensor/device";
import type { SamplingSettings } from "../tensor/ops/sample";
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

interface Text {
  tokens: number[];
  /** How likely the decoder held each token that it wrote. */
  logprobs: number[];
}

/** The policy itself. */
const asItIs: SamplingSettings = { temperature: 1, topP: 1 };

/** A nucleus of the likeliest token alone. */
const greedy: SamplingSettings = { temperature: 1, topP: 1e-6 };

/** Rows of `length` tokens, one after each prompt, that are written until they are full. */
async function write(
  policy: Policy,
  prompts: readonly (readonly number[])[],
  length: number,
  sampling: SamplingSettings,
): Promise<Text[]> {
  const texts = prompts.map((prompt): Text => ({ tokens: [...prompt], logprobs: [] }));
  const decoder = policy.makeDecoder({ rows: prompts.length, capacity: length, sampling, stops: [] });
  try {
    await decoder.begin(prompts.map((prompt, row) => ({ row, prompt, key: keyAt(1, row) })));
    // A driver that loses what is written must not make anyone wait for ever.
    for (let turn = 0; texts.some(({ tokens }) => tokens.length < length) && turn < 4 * length; turn++) {
      for (const { row, tokens, policyLogprobs } of await decoder.advance()) {
        texts[row].tokens.push(...tokens);
        texts[row].logprobs.push(...policyLogprobs);
      }
    }
  } finally {
    decoder.dispose();
  }
  return texts;
}

/** How many tokens are there of how many, where not all are; else null. */
function missingTokens(texts: readonly Text[], length: number): string | null {
  const short = texts.find(({ tokens }) => tokens.length !== length);
  return short ? `it wrote ${short.tokens.length} tokens of ${length}` : null;
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((gap, value, i) => {
    const difference = Math.abs(value - b[i]);
    return Number.isNaN(difference) ? Infinity : Math.max(gap, difference);
  }, 0);

/** What differs between a policy and the oracle's, in words; null where nothing does. */
async function compare(tested: Policy, oracle: Policy): Promise<string | null> {
  const texts = await write(tested, [[1, 2, 3]], shape.length, asItIs);
  const missing = missingTokens(texts, shape.length);
  if (missing !== null) return missing;
  const [{ tokens, logprobs }] = texts;
  const ids = Int32Array.from(tokens);
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

/**
 * Nats that log-probabilities may be off by where a decoder's caches are in half precision: a ratio that is off by a
 * twentieth, a quarter of what the clip allows.
 */
const halfTolerance = 0.05;

/** Long enough that most of what attention reads comes from the caches. */
const halfShape = { rows: 4, length: 96 };

/** Prompts of 4, 7, 10... tokens, so that both ways into the caches are tried. */
function promptsFor(vocabulary: number): number[][] {
  const rng = makeRng(1).fold("half precision");
  return Array.from({ length: halfShape.rows }, (_, row) =>
    Array.from({ length: 4 + 3 * row }, () => rng.int(0, vocabulary - 1)),
  );
}

/** What differs between texts and the trainer's view of them, in words. */
async function compareWithTrainer(policy: Policy, length: number): Promise<string | null> {
  const prompts = promptsFor(policy.config.vocab_size);
  for (const sampling of [asItIs, greedy]) {
    const texts = await write(policy, prompts, length, sampling);
    const missing = missingTokens(texts, length);
    if (missing !== null) return missing;
    const ids = Int32Array.from(texts.flatMap(({ tokens }) => tokens));
    const { logprobs, topLogprobs, k } = await policy.ledger({ rows: texts.length, length, ids });
    for (const [row, text] of texts.entries()) {
      const end = (row + 1) * (length - 1);
      const from = end - text.logprobs.length;
      const gap = farthest(text.logprobs, logprobs.subarray(from, end));
      if (!(gap <= halfTolerance)) return `log-probabilities are off by ${gap.toPrecision(2)} nats`;
      if (sampling !== greedy) continue;
      // Which of two equally likely tokens comes first may turn on the last bit.
      const likeliest = Array.from({ length: end - from }, (_, i) => topLogprobs[(from + i) * k]);
      const loss = farthest(likeliest, logprobs.subarray(from, end));
      if (!(loss <= halfTolerance)) return `a greedy token is ${loss.toPrecision(2)} nats below the likeliest`;
    }
  }
  return null;
}

/**
 * Whether a decoder whose caches are in half precision writes what the policy would: log-probabilities of texts that it
 * sampled and wrote greedily, against those that the trainer computes of them in single precision, both on this
 * backend. What differs, in words, or null where nothing does. Changes nothing; `selfTest` comes first.
 *
 * @throws FaultError where the backend fails.
 */
export async function halfPrecisionTest(
  backend: Backend,
  config: LlamaConfig,
  weights: Weights,
  options: PolicyOptions = {},
): Promise<string | null> {
  const policy = makePolicy(backend, config, weights, { ...options, cacheStorage: "f16" });
  try {
    return await compareWithTrainer(policy, Math.min(halfShape.length, options.longest ?? halfShape.length));
  } finally {
    policy.dispose();
  }
}
