import * as fc from "fast-check";
import { expect, test } from "vitest";
import { boundsFor, rowsFor } from "./memory";

const parametersOf = (count: number) => new Map([["w", { shape: [count], values: new Float32Array(count) }]]);

test("parameters, activations and caches together stay within the memory, and a sequence is never cut", () => {
  fc.assert(
    fc.property(
      fc.record({
        count: fc.integer({ min: 1000, max: 200_000 }),
        activationBytes: fc.integer({ min: 1000, max: 200_000 }),
        longest: fc.integer({ min: 16, max: 4096 }),
        memoryBudget: fc.integer({ min: 2 ** 26, max: 2 ** 31 }),
        wanted: fc.integer({ min: 1, max: 16 }),
      }),
      ({ count, activationBytes, longest, memoryBudget, wanted }) => {
        const parameters = parametersOf(count);
        const options = { parameters, joined: [], activationBytes, longest, memoryBudget };
        const { tokens, slices, cacheBytes } = boundsFor(options, wanted);
        expect(tokens).toBeGreaterThanOrEqual(longest);
        expect(tokens % 4).toBe(0);
        expect(slices).toBeGreaterThanOrEqual(1);
        expect(slices).toBeLessThanOrEqual(wanted);
        const fixed = 4 * count * (4 + (slices > 1 ? slices : 0));
        const least = Math.max(512, longest) * activationBytes + 4 * activationBytes;
        const all = fixed + tokens * activationBytes + cacheBytes;
        expect(all).toBeLessThanOrEqual(Math.max(memoryBudget, fixed + least) + 4 * activationBytes);
      },
    ),
  );
});

test("a token budget that is given is taken, in whole fours", () => {
  const options = { parameters: parametersOf(1000), joined: [], activationBytes: 100, longest: 900, tokenBudget: 41 };
  expect(boundsFor(options, 8).tokens).toBe(44);
});

test("caches of half precision leave room for twice as many rows", () => {
  const shape = { heads: 4, kvHeads: 2, headDim: 16, theta: 10000, positions: 100 };
  // Keys and values of two heads of 16 numbers in 3 layers: 768 bytes a token in single precision.
  const rows = (bytes: number, storage: "f32" | "f16"): number => rowsFor(bytes, { layers: 3, shape }, 100, storage);
  expect(rows(7 * 76_800, "f32")).toBe(7);
  expect(rows(7 * 76_800, "f16")).toBe(14);
  expect(rows(0, "f16")).toBe(1);
});
