/** What the tests of ops have in common: an op with the numbers it is tried on. Only tests import this folder. */
import * as fc from "fast-check";
import { makeRng } from "../../core/rng";
import type { NamedArrays } from "../engine";
import type { AttentionShape, Loss } from "../ops";
import type { InputSpec, Scope } from "../program";

export interface CaseInput extends InputSpec {
  values: Int32Array | Float32Array;
}

interface Case {
  /** What it is differentiated in. */
  parameters: NamedArrays;
  /** Reached like parameters and differentiated in as well, but computed in a run: their rows are `size`. */
  activations: NamedArrays;
  size: "tokens" | "places";
  inputs: Record<string, CaseInput>;
  /** Parameters that the op joins, group by group. */
  joined: string[][];
}

/** An op under test. */
export interface OpCase extends Case {
  run: <T>(scope: Scope<T>) => T;
}

/** A loss under test. */
export interface LossCase extends Case {
  run: <T>(scope: Scope<T>) => Loss<T>;
}

/** An op's value (a loss's statistics), and the gradients of its mix with fixed random coefficients (of the loss). */
export interface Outcome {
  value: Float32Array;
  grads: Map<string, Float32Array>;
}

export type RunOp = (subject: OpCase) => Promise<Outcome>;
export type RunLoss = (subject: LossCase) => Promise<Outcome>;

type Parts = Partial<Omit<Case, "parameters" | "activations">>;
type Arrays = Record<string, { shape: number[]; values: Float32Array }>;

/** A case; what is left out is empty, and its rows are tokens. */
export function opCase(own: Parts & { parameters?: Arrays; activations?: Arrays; run: OpCase["run"] }): OpCase {
  return { ...partsOf(own), run: own.run };
}

export function lossCase(own: Parts & { parameters?: Arrays; activations?: Arrays; run: LossCase["run"] }): LossCase {
  return { ...partsOf(own), run: own.run };
}

function partsOf({
  parameters = {},
  activations = {},
  size = "tokens",
  inputs = {},
  joined = [],
}: Parts & { parameters?: Arrays; activations?: Arrays }): Case {
  const named = (arrays: Arrays): NamedArrays => new Map(Object.entries(arrays));
  return { parameters: named(parameters), activations: named(activations), size, inputs, joined };
}

/** Whole numbers for each of what `size` counts. */
export function integers(
  size: InputSpec["size"],
  values: Iterable<number>,
  padding: InputSpec["padding"] = "zero",
): CaseInput {
  return { type: "int32", size, padding, values: Int32Array.from(values) };
}

export function floats(size: InputSpec["size"], values: Float32Array): CaseInput {
  return { type: "float32", size, values };
}

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

/** Sequences of random lengths that are `n` tokens together: where each token's own begins. */
export function randomSequences(n: number, seed: number): Int32Array {
  const rng = makeRng(seed).fold("sequences");
  const first = new Int32Array(n);
  for (let i = 1; i < n; i++) first[i] = rng.float() < 0.2 ? i : first[i - 1];
  return first;
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

/** The largest distance of the values and of any gradients. */
export function error(found: Outcome, expected: Outcome): number {
  const gradients = [...expected.grads].map(([name, gradient]) =>
    distance(found.grads.get(name) ?? new Float32Array(), gradient),
  );
  return Math.max(distance(found.value, expected.value), ...gradients);
}

/** Sizes that a model allows, odd ones and single rows among them. */
export interface Sizes {
  /** Rows. */
  n: number;
  shape: AttentionShape;
  seed: number;
}

export const sizes: fc.Arbitrary<Sizes> = fc
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

/** Wider than a tile, in numbers that no tile divides and in fours. */
export const wideSizes: Sizes[] = [
  { n: 70, shape: { heads: 6, kvHeads: 2, headDim: 8, theta: 10000, positions: 100 }, seed: 1 },
  { n: 131, shape: { heads: 4, kvHeads: 4, headDim: 16, theta: 10000, positions: 300 }, seed: 2 },
  { n: 33, shape: { heads: 3, kvHeads: 1, headDim: 22, theta: 100, positions: 100 }, seed: 3 },
  { n: 37, shape: { heads: 4, kvHeads: 2, headDim: 16, theta: 10000, positions: 100 }, seed: 4 },
];
