import { readFileSync } from "node:fs";
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { passAtK } from "./pass-at-k";

interface Golden {
  other: { pass_at_k: { n: number; c: number; k: number; value: number }[] };
}

const golden = JSON.parse(readFileSync("e2e/golden/objectives.json", "utf8")) as Golden;

/** Every choice of `k` among `n` samples of which the first `c` are right, one by one. */
function byCounting(n: number, c: number, k: number): number {
  let all = 0;
  let hit = 0;
  for (let chosen = 0; chosen < 2 ** n; chosen++) {
    const members = Array.from({ length: n }, (_, i) => i).filter((i) => (chosen >> i) & 1);
    if (members.length !== k) continue;
    all += 1;
    if (members.some((i) => i < c)) hit += 1;
  }
  return hit / all;
}

describe("passAtK", () => {
  test.each(golden.other.pass_at_k)("n $n, c $c, k $k: $value", ({ n, c, k, value }) => {
    expect(passAtK(n, c, k)).toBeCloseTo(value, 12);
  });

  test("is the share of choices that hold a right sample", () => {
    for (let n = 1; n <= 8; n++)
      for (let c = 0; c <= n; c++)
        for (let k = 1; k <= n; k++) expect(passAtK(n, c, k)).toBeCloseTo(byCounting(n, c, k), 12);
  });

  const cases = fc
    .integer({ min: 2, max: 256 })
    .chain((n) =>
      fc.record({ n: fc.constant(n), c: fc.integer({ min: 0, max: n }), k: fc.integer({ min: 1, max: n - 1 }) }),
    );

  property.prop([cases])("lies from 0 to 1, is c / n for one sample, and only grows with samples", ({ n, c, k }) => {
    const value = passAtK(n, c, k);
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(1);
    expect(passAtK(n, c, 1)).toBeCloseTo(c / n, 12);
    expect(passAtK(n, c, k + 1)).toBeGreaterThanOrEqual(value - 1e-12);
  });

  test.each([
    [4, 5, 1],
    [4, -1, 1],
    [4, 2, 0],
    [4, 2, 5],
    [4, 1.5, 2],
  ])("refuses n %d, c %d, k %d", (n, c, k) => expect(() => passAtK(n, c, k)).toThrow(RangeError));
});
