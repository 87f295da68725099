/**
 * How an op is tested, the same for all: every way of computing it is held against the composition on tfjs's cpu
 * backend, for shapes drawn at random, and that composition against finite differences. Only tests import this.
 */
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeRng } from "../../core/rng";
import { chooseBackend } from "../device";
import { differentiate, withGradient } from "../eager/gradient";
import { inputsOf } from "../eager/engine";
import { referenceOps } from "../eager/ops";
import { wasmOps } from "../eager/wasm/ops";
import type { NamedArrays } from "../engine";
import type { AttentionShape, Loss, Ops } from "../ops";
import type { InputSpec, Inputs, Scope } from "../program";

/** An op under test: what it is differentiated in, what else it reads, and what to make of them. */
export interface OpCase {
  parameters: NamedArrays;
  inputs?: Inputs;
  run: <T>(scope: Scope<T>) => T;
}

/** An op's value, and the gradients of its mix with fixed random coefficients. */
export interface OpOutcome {
  value: Float32Array;
  grads: Map<string, Float32Array>;
}

export type RunOp = (subject: OpCase) => Promise<OpOutcome>;

/** A loss under test; its outcome's value are the statistics. */
export interface LossCase extends Omit<OpCase, "run"> {
  run: <T>(scope: Scope<T>) => Loss<T>;
}

export type RunLoss = (subject: LossCase) => Promise<OpOutcome>;

/** Numbers between -scale and scale. */
export function random(seed: number, shape: number[], scale = 1): { shape: number[]; values: Float32Array } {
  const rng = makeRng(seed);
  const size = shape.reduce((product, count) => product * count, 1);
  return { shape, values: Float32Array.from({ length: size }, () => scale * (2 * rng.float() - 1)) };
}

/** The coefficients that an output of `size` numbers is mixed with. */
export function mixture(size: number): Float32Array {
  return random(99, [size]).values;
}

/** The sizes of a program's inputs, as they are. */
export function specsOf(inputs: Inputs): Record<string, InputSpec> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, values]) => [
      name,
      { type: values instanceof Int32Array ? "int32" : "float32", size: values.length } as const,
    ]),
  );
}

interface Differentiable {
  loss: tf.Tensor;
  read: tf.Tensor;
}

/** Differentiates on a tfjs backend, by tfjs. Fails where a tensor stays behind. */
async function runEagerly(
  backend: "cpu" | "wasm",
  { parameters, inputs = {} }: Pick<OpCase, "parameters" | "inputs">,
  run: (scope: Scope<tf.Tensor>) => Differentiable,
): Promise<OpOutcome> {
  const ops: Ops<tf.Tensor> = backend === "wasm" ? wasmOps : referenceOps;
  await chooseBackend(backend);
  const alive = tf.memory().numTensors;
  const tensors = new Map(
    [...parameters].map(([name, { shape, values }]) => [name, tf.keep(tf.tensor(values, shape))]),
  );
  const outputs: tf.Tensor[] = [];
  const { value: loss, grads } = differentiate(() => {
    const parameter = (name: string): tf.Tensor => tensors.get(name) ?? missing(name);
    const { loss, read } = run({ ops, parameter, input: inputsOf(specsOf(inputs), inputs) });
    outputs.push(tf.keep(tf.clone(read)));
    return [loss];
  }, [...tensors.values()]);
  const [value, ...lists] = await Promise.all([...outputs, ...grads].map((tensor) => tensor.data<"float32">()));
  tf.dispose([loss, ...grads, ...tensors.values(), ...outputs]);
  expect(tf.memory().numTensors).toBe(alive);
  return {
    value: new Float32Array(value),
    grads: new Map([...tensors.keys()].map((name, i) => [name, new Float32Array(lists[i])])),
  };
}

/** An op on a tfjs backend. */
export function eagerly(backend: "cpu" | "wasm"): RunOp {
  return (subject) =>
    runEagerly(backend, subject, (scope) => {
      const y = subject.run(scope);
      return { loss: mixed(y), read: y };
    });
}

/** A loss on a tfjs backend. */
export function lossEagerly(backend: "cpu" | "wasm"): RunLoss {
  return (subject) =>
    runEagerly(backend, subject, (scope) => {
      const { loss, statistics } = subject.run(scope);
      return { loss, read: statistics };
    });
}

/** Every way in which a loss is computed. */
export const lossRunners: Record<string, RunLoss> = { cpu: lossEagerly("cpu"), wasm: lossEagerly("wasm") };

function missing(name: string): never {
  throw new Error(`The case has no parameter ${name}.`);
}

function mixed(y: tf.Tensor): tf.Tensor {
  const coefficients = tf.tensor(mixture(y.size), y.shape);
  return withGradient(
    [y],
    () => ({ value: tf.sum(tf.mul(y, coefficients)), saved: [coefficients] }),
    (dy, [coefficients]) => [tf.mul(dy, coefficients)],
  );
}

/** The largest difference, relative to the largest magnitude where that is above 1. */
export function distance(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length) return Infinity;
  let [gap, size] = [0, 1];
  expected.forEach((value, i) => {
    size = Math.max(size, Math.abs(value));
    const difference = Math.abs(found[i] - value);
    gap = Number.isNaN(difference) ? Infinity : Math.max(gap, difference);
  });
  return gap / size;
}

/** The largest distance of the values and of any parameter's gradients. */
export function error(found: OpOutcome, expected: OpOutcome): number {
  const gradients = [...expected.grads].map(([name, gradient]) =>
    distance(found.grads.get(name) ?? new Float32Array(), gradient),
  );
  return Math.max(distance(found.value, expected.value), ...gradients);
}

/** Central differences of the mix, from the op's value alone. */
async function numericalGradient(subject: OpCase, name: string, at: number): Promise<number> {
  const step = 1e-2;
  const mixedAt = async (delta: number): Promise<number> => {
    const parameters: NamedArrays = new Map(subject.parameters);
    const moved = parameters.get(name) ?? missing(name);
    const values = moved.values.slice();
    values[at] += delta;
    parameters.set(name, { ...moved, values });
    const { value } = await eagerly("cpu")({ ...subject, parameters });
    const coefficients = mixture(value.length);
    return value.reduce((sum, each, i) => sum + each * coefficients[i], 0);
  };
  return ((await mixedAt(step)) - (await mixedAt(-step))) / (2 * step);
}

/** Sizes that a model allows, odd ones and single rows among them. */
export interface Sizes {
  /** Rows. */
  n: number;
  shape: AttentionShape;
  seed: number;
}

const sizes: fc.Arbitrary<Sizes> = fc
  .record({
    n: fc.integer({ min: 1, max: 19 }),
    kvHeads: fc.integer({ min: 1, max: 3 }),
    group: fc.integer({ min: 1, max: 3 }),
    half: fc.integer({ min: 1, max: 5 }),
    seed: fc.nat(1000),
  })
  .map(({ n, kvHeads, group, half, seed }) => ({
    n,
    shape: { heads: kvHeads * group, kvHeads, headDim: 2 * half, theta: 10000, positions: 100 },
    seed,
  }));

/** Registers an op's tests. `make` draws a case of the given sizes. */
export function testOp(name: string, make: (sizes: Sizes) => OpCase): void {
  const others: Record<string, RunOp> = { wasm: eagerly("wasm") };
  describe(`the op ${name}`, () => {
    test.each(Object.entries(others))(
      "is the same on %s as its composition, for shapes of all kinds",
      async (_, run) => {
        await fc.assert(
          fc.asyncProperty(sizes, async (drawn) => {
            const subject = make(drawn);
            expect(error(await run(subject), await eagerly("cpu")(subject))).toBeLessThan(2e-5);
          }),
          { numRuns: 15 },
        );
      },
    );

    test("has the gradient that finite differences have", async () => {
      const shape = { heads: 4, kvHeads: 2, headDim: 4, theta: 100, positions: 100 };
      const subject = make({ n: 3, shape, seed: 5 });
      const { grads } = await eagerly("cpu")(subject);
      for (const [parameter, gradient] of grads) {
        for (let at = 0; at < gradient.length; at += Math.ceil(gradient.length / 12)) {
          expect(gradient[at]).toBeCloseTo(await numericalGradient(subject, parameter, at), 2);
        }
      }
    });
  });
}

/** Named arrays, for a case's parameters. */
export function named(arrays: Record<string, { shape: number[]; values: Float32Array }>): NamedArrays {
  return new Map(Object.entries(arrays));
}

/** Sequences of random lengths that are `n` tokens together: where each token's own begins. */
export function randomSequences(n: number, seed: number): Int32Array {
  const rng = makeRng(seed).fold("sequences");
  const first = new Int32Array(n);
  for (let i = 1; i < n; i++) first[i] = rng.float() < 0.2 ? i : first[i - 1];
  return first;
}
