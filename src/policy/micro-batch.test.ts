import * as fc from "fast-check";
import { expect, test } from "vitest";
import { microBatches, usefulLengths } from "./micro-batch";

test("a row is read up to the position that predicts its last weighted token", () => {
  expect(usefulLengths(3, 5, Float32Array.of(0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1))).toEqual([3, 0, 4]);
});

test("every weighted row is in exactly one micro-batch, whole, and within the budget", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40), { maxLength: 30 }), fc.integer({ min: 1, max: 200 }), (lengths, budget) => {
      const batches = microBatches(lengths, 40, budget);
      const rows = batches.flatMap((batch) => batch.rows).sort((a, b) => a - b);
      expect(rows).toEqual([...lengths.keys()].filter((row) => lengths[row] > 0));
      for (const { rows, length } of batches) {
        expect(Math.max(...rows.map((row) => lengths[row]))).toBeLessThanOrEqual(length);
        expect(length).toBeLessThanOrEqual(40);
        expect(rows.length === 1 || rows.length * length <= budget).toBe(true);
      }
    }),
  );
});
