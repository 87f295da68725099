import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { bootstrapMean } from "./interval";

describe("bootstrapMean", () => {
  property.prop([fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 })])(
    "holds the mean between its bounds and its bounds within the data",
    (values) => {
      const { mean, low, high } = bootstrapMean(values);
      expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
      expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
      expect(low).toBeLessThanOrEqual(high);
      expect(mean).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 12);
    },
  );

  test("agrees with the normal approximation on 30 problems, half of them solved", () => {
    const { mean, low, high } = bootstrapMean(Array.from({ length: 30 }, (_, i) => i % 2));
    const standardError = 0.5 / Math.sqrt(30);
    expect(mean).toBe(0.5);
    expect(Math.abs(low - (0.5 - 1.96 * standardError))).toBeLessThan(0.03);
    expect(Math.abs(high - (0.5 + 1.96 * standardError))).toBeLessThan(0.03);
  });

  test("is the same every time", () => {
    expect(bootstrapMean([0, 0.5, 1, 0.25])).toEqual(bootstrapMean([0, 0.5, 1, 0.25]));
  });

  test("refuses an empty list", () => expect(() => bootstrapMean([])).toThrow("no values"));
});
