import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeRng } from "../core/rng";
import { type BackendName, chooseBackend } from "./device";
import { differentiate } from "./gradient";
import { eagerOps as ops } from "./ops";
import type { AttentionShape } from "./ops/attention";

/** An op under test: inputs as arrays, and what to make of them. The loss is a fixed random mix of the outputs. */
interface Case {
  inputs: { shape: number[]; values: Float32Array }[];
  op: (inputs: tf.Tensor[]) => tf.Tensor;
}

function random(seed: number, shape: number[], scale = 1): { shape: number[]; values: Float32Array } {
  const rng = makeRng(seed);
  const size = shape.reduce((product, count) => product * count, 1);
  return { shape, values: Float32Array.from({ length: size }, () => scale * (2 * rng.float() - 1)) };
}

/** The op's values, and the gradient of their mix with fixed random coefficients. */
async function run(
  backend: BackendName,
  { inputs, op }: Case,
): Promise<{ values: Float32Array; grads: Float32Array[] }> {
  await chooseBackend(backend);
  const alive = tf.memory().numTensors;
  const tensors = inputs.map(({ shape, values }) => tf.keep(tf.tensor(values, shape)));
  const y = tf.tidy(() => op(tensors));
  const mix = tf.keep(tf.tensor(random(99, y.shape).values, y.shape));
  const { value, grads } = differentiate(() => {
    const out = op(tensors);
    return ops.add(tf.scalar(0), dot(out, mix));
  }, tensors);
  const result = {
    values: await y.data<"float32">(),
    grads: await Promise.all(grads.map((gradient) => gradient.data<"float32">())),
  };
  tf.dispose([...tensors, y, mix, value, ...grads]);
  expect(tf.memory().numTensors).toBe(alive);
  return result;
}

/** The sum of a b, differentiable in a. */
function dot(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const op = tf.customGrad(() => ({ value: tf.sum(tf.mul(a, b)), gradFunc: (dy: tf.Tensor) => tf.mul(dy, b) }));
  return op(a);
}

function difference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
}

/** Central differences of the mix, computed from the op's forward pass alone. */
async function numericalGradient({ inputs, op }: Case, which: number, at: number): Promise<number> {
  const step = 1e-2;
  const mixed = async (delta: number): Promise<number> => {
    const moved = inputs.map(({ shape, values }, i) => {
      const copy = values.slice();
      if (i === which) copy[at] += delta;
      return tf.tensor(copy, shape);
    });
    const y = tf.tidy(() => op(moved));
    const values = await y.data<"float32">();
    const coefficients = random(99, y.shape).values;
    tf.dispose([...moved, y]);
    return values.reduce((sum, value, i) => sum + value * coefficients[i], 0);
  };
  return ((await mixed(step)) - (await mixed(-step))) / (2 * step);
}

const cases: Record<string, (n: number, shape: AttentionShape, seed: number) => Case> = {
  rmsNorm: (n, { headDim: d }, seed) => ({
    inputs: [random(seed, [n, d]), random(seed + 1, [d])],
    op: ([x, gain]) => ops.rmsNorm(x, gain, 1e-5),
  }),
  linear: (n, { headDim: d, heads }, seed) => ({
    inputs: [
      random(seed, [n, d]),
      random(seed + 1, [heads, d]),
      random(seed + 2, [3, d]),
      random(seed + 3, [heads]),
      random(seed + 4, [3]),
    ],
    op: ([x, a, b, ab, bb]) => ops.linear(x, ops.joinLinear([a, b], [ab, bb])),
  }),
  "linear, narrow to wide": (n, { headDim: d, heads }, seed) => ({
    inputs: [random(seed, [n, d]), random(seed + 1, [d * heads, d])],
    op: ([x, w]) => ops.linear(x, ops.joinLinear([w], [])),
  }),
  swiglu: (n, { headDim: d }, seed) => ({ inputs: [random(seed, [n, 2 * d], 3)], op: ([x]) => ops.swiglu(x) }),
  rope: (n, shape, seed) => ({
    inputs: [random(seed, [n, (shape.heads + 2 * shape.kvHeads) * shape.headDim])],
    op: ([x]) =>
      ops.rope(
        x,
        Int32Array.from({ length: n }, (_, i) => (i * 7) % 90),
        shape,
      ),
  }),
  embed: (n, { headDim: d }, seed) => ({
    inputs: [random(seed, [5, d])],
    op: ([table]) =>
      ops.embed(
        table,
        Int32Array.from({ length: n }, (_, i) => (i * 3) % 5),
      ),
  }),
  select: (n, { headDim: d }, seed) => ({
    inputs: [random(seed, [n + 2, d])],
    op: ([x]) =>
      ops.select(
        x,
        Int32Array.from({ length: n }, (_, i) => (i === 0 ? n + 1 : i)),
      ),
  }),
  attention: (n, shape, seed) => ({
    inputs: [random(seed, [2 * n, (shape.heads + 2 * shape.kvHeads) * shape.headDim], 2)],
    op: ([x]) => ops.attention(x, 2, n, shape),
  }),
};

const shapes = fc.record({
  n: fc.integer({ min: 1, max: 19 }),
  kvHeads: fc.integer({ min: 1, max: 3 }),
  group: fc.integer({ min: 1, max: 3 }),
  half: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(1000),
});

describe.each(Object.entries(cases))("%s", (_, make) => {
  test("has the same values and gradients on cpu and on wasm's memory, for odd lengths and grouped heads", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ n, kvHeads, group, half, seed }) => {
        const subject = make(n, { heads: kvHeads * group, kvHeads, headDim: 2 * half, theta: 10000 }, seed);
        const reference = await run("cpu", subject);
        const found = await run("wasm", subject);
        expect(difference(found.values, reference.values)).toBeLessThan(2e-5);
        reference.grads.forEach((gradient, i) => {
          const size = gradient.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
          expect(difference(found.grads[i], gradient) / size).toBeLessThan(2e-5);
        });
      }),
      { numRuns: 15 },
    );
  });

  test("has the gradient that finite differences have", async () => {
    const subject = make(3, { heads: 4, kvHeads: 2, headDim: 4, theta: 100 }, 5);
    const { grads } = await run("cpu", subject);
    for (const [which, gradient] of grads.entries()) {
      for (let at = 0; at < gradient.length; at += Math.ceil(gradient.length / 12)) {
        expect(gradient[at]).toBeCloseTo(await numericalGradient(subject, which, at), 2);
      }
    }
  });
});

/** The definition, per token, in double precision. */
function lossByHand(logprob: number, old: number, a: number, low: number, high: number, dual: number): number {
  const r = Math.exp(logprob - old);
  const clipped = Math.max(-a * r, -a * Math.min(Math.max(r, 1 - low), 1 + high));
  return a < 0 ? Math.min(clipped, -a * dual) : clipped;
}

describe.each(["cpu", "wasm"] as const)("losses on %s", (backend) => {
  const v = 7;
  const logits = random(3, [40, v], 4);
  const targets = Int32Array.from({ length: 40 }, (_, i) => (i * 5) % v);

  test("token log-probabilities and entropies are those of the softmax", async () => {
    await chooseBackend(backend);
    const x = tf.tensor(logits.values, logits.shape);
    const scores = tf.tidy(() => ops.tokenLogprob(x, targets));
    const found = await scores.data<"float32">();
    for (let i = 0; i < 40; i++) {
      const line = [...logits.values.subarray(i * v, (i + 1) * v)];
      const total = line.reduce((sum, logit) => sum + Math.exp(logit), 0);
      expect(found[i]).toBeCloseTo(line[targets[i]] - Math.log(total), 5);
      const entropy = line.reduce((sum, logit) => sum - (Math.exp(logit) / total) * (logit - Math.log(total)), 0);
      expect(found[40 + i]).toBeCloseTo(entropy, 5);
    }
    tf.dispose([x, scores]);
  });

  test("the policy loss clips both sides and the dual side, and its gradient follows", async () => {
    await chooseBackend(backend);
    const clip = { clipLow: 0.2, clipHigh: 0.28, dualClip: 3 };
    const rng = makeRng(8);
    const old = Float32Array.from({ length: 40 }, () => -3 * rng.float());
    const advantages = Float32Array.from({ length: 40 }, () => 4 * rng.float() - 2);
    const weights = Float32Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? 0 : 0.1));
    const scores = random(4, [2, 40], 3);
    for (let i = 0; i < 40; i++) scores.values[i] = -Math.abs(scores.values[i]);
    const x = tf.keep(tf.tensor(scores.values, [2, 40]));
    let statistics: tf.Tensor | undefined;
    const { value, grads } = differentiate(() => {
      const outcome = ops.policyLoss(x, old, advantages, weights, clip);
      statistics = tf.keep(outcome.statistics);
      return outcome.loss;
    }, [x]);
    let expected = 0;
    let low = 0;
    let high = 0;
    let dual = 0;
    const gradient = await grads[0].data();
    for (let i = 0; i < 40; i++) {
      const at = (logprob: number): number => lossByHand(logprob, old[i], advantages[i], 0.2, 0.28, 3);
      expected += weights[i] * at(scores.values[i]);
      const slope = (at(scores.values[i] + 1e-6) - at(scores.values[i] - 1e-6)) / 2e-6;
      expect(gradient[i]).toBeCloseTo(weights[i] * slope, 3);
      expect(gradient[40 + i]).toBe(0);
      const r = Math.exp(scores.values[i] - old[i]);
      if (weights[i] > 0 && advantages[i] < 0 && r < 0.8) low += weights[i];
      if (weights[i] > 0 && advantages[i] > 0 && r > 1.28) high += weights[i];
      if (weights[i] > 0 && advantages[i] < 0 && r > 3) dual++;
    }
    expect((await value.data())[0]).toBeCloseTo(expected, 4);
    const found = (await statistics?.data()) ?? [];
    expect(found[0]).toBeCloseTo(low, 5);
    expect(found[1]).toBeCloseTo(high, 5);
    // The draw covers every branch, or the comparison above would prove less than it says.
    expect(Math.min(low, high, dual)).toBeGreaterThan(0);
    tf.dispose([x, value, ...grads, ...(statistics ? [statistics] : [])]);
  });
});
