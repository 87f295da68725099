import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { bootstrapGrid, measure } from "./bootstrap";

const value = fc.double({ min: 0, max: 1, noNaN: true });

const grids = fc
  .integer({ min: 1, max: 12 })
  .chain((problems) =>
    fc.array(fc.array(value, { minLength: problems, maxLength: problems }), { minLength: 1, maxLength: 4 }),
  );

describe("bootstrapGrid", () => {
  property.prop([grids])("holds the mean between its bounds and its bounds within the data", (grid) => {
    const { mean, low, high } = bootstrapGrid(grid);
    const all = grid.flat();
    expect(low).toBeGreaterThanOrEqual(Math.min(...all) - 1e-12);
    expect(high).toBeLessThanOrEqual(Math.max(...all) + 1e-12);
    expect(low).toBeLessThanOrEqual(high);
    expect(mean).toBeCloseTo(all.reduce((a, b) => a + b, 0) / all.length, 12);
  });

  test("agrees with the normal approximation on 30 problems, half of them solved", () => {
    const { mean, low, high } = bootstrapGrid([Array.from({ length: 30 }, (_, i) => i % 2)]);
    const standardError = 0.5 / Math.sqrt(30);
    expect(mean).toBe(0.5);
    expect(Math.abs(low - (0.5 - 1.96 * standardError))).toBeLessThan(0.03);
    expect(Math.abs(high - (0.5 + 1.96 * standardError))).toBeLessThan(0.03);
  });

  test("seeds that agree add nothing to the problems' doubt, seeds that differ do", () => {
    const problems = Array.from({ length: 30 }, (_, i) => 0.4 + 0.2 * (i % 2));
    const width = (grid: number[][]): number => {
      const { low, high } = bootstrapGrid(grid);
      return high - low;
    };
    const alike = width([problems, problems, problems]);
    expect(Math.abs(alike - width([problems]))).toBeLessThan(0.01);
    const apart = [-0.3, 0, 0.3].map((shift) => problems.map((share) => share + shift));
    expect(width(apart)).toBeGreaterThan(5 * alike);
  });

  test("is the same every time", () => {
    expect(bootstrapGrid([[0, 0.5, 1, 0.25]])).toEqual(bootstrapGrid([[0, 0.5, 1, 0.25]]));
  });

  test("refuses no values and seeds with other problems", () => {
    expect(() => bootstrapGrid([])).toThrow("no values");
    expect(() => bootstrapGrid([[]])).toThrow("no values");
    expect(() => bootstrapGrid([[1, 0], [1]])).toThrow("same problems");
  });
});

describe("measure", () => {
  test("has the bootstrap's bounds from five problems on, and none below", () => {
    const { mean, low, high } = bootstrapGrid([[0, 0.25, 0.5, 0.75, 1]]);
    expect(measure([0, 0.25, 0.5, 0.75, 1])).toEqual({ mean, bounds: [low, high] });
    expect(measure([0, 0.5, 1, 1])).toEqual({ mean: 0.625, bounds: null });
    expect(() => measure([])).toThrow("no values");
  });

  test("has none where all problems scored alike: that none was solved does not mean that none ever is", () => {
    expect(measure([0, 0, 0, 0, 0, 0])).toEqual({ mean: 0, bounds: null });
  });
});
