import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { keyAt, makeRng, uniformFrom } from "./rng";

describe("keyed streams", () => {
  test("the same key gives the same stream, whatever was drawn before", () => {
    const root = makeRng(1);
    const before = root.fold("problem", 3).uint32();
    for (let i = 0; i < 10; i++) root.uint32();
    expect(root.fold("problem", 3).uint32()).toBe(before);
    expect(root.fold("problem").fold(3).uint32()).toBe(before);
  });

  test("keys that look alike differ: 1 and '1', (1, 2) and (12)", () => {
    const root = makeRng(1);
    const draws = [root.fold(1), root.fold("1"), root.fold(1, 2), root.fold(12), root.fold("1", 2)].map((r) =>
      r.uint32(),
    );
    expect(new Set(draws).size).toBe(draws.length);
  });

  test("ten thousand neighbouring streams begin with ten thousand numbers", () => {
    const root = makeRng(5);
    const firsts = new Set(Array.from({ length: 10_000 }, (_, i) => root.fold("episode", i).uint32()));
    expect(firsts.size).toBeGreaterThan(9_995);
  });

  property.prop([fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat(50)])(
    "int stays inside",
    (seed, low, span) => {
      const rng = makeRng(seed);
      for (let i = 0; i < 20; i++) {
        const drawn = rng.int(low, low + span);
        expect(Number.isInteger(drawn) && drawn >= low && drawn <= low + span).toBe(true);
      }
    },
  );

  property.prop([fc.integer(), fc.array(fc.integer(), { maxLength: 30 })])(
    "shuffle keeps what it is given",
    (seed, items) => {
      const copy = [...items];
      const ascending = (a: number, b: number): number => a - b;
      expect(makeRng(seed).shuffle(items).sort(ascending)).toEqual([...items].sort(ascending));
      expect(items).toEqual(copy);
    },
  );

  test("int is even: chi-square over 16 values", () => {
    const rng = makeRng(9);
    const counts = Array.from({ length: 16 }, () => 0);
    for (let i = 0; i < 16_000; i++) counts[rng.int(0, 15)]++;
    expect(counts.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(37.7); // 99.9 %, 15 degrees
  });

  test("empty choices are refused in words", () => {
    expect(() => makeRng(1).pick([])).toThrow("empty list");
    expect(() => makeRng(1).int(3, 2)).toThrow("int(3, 2) is empty");
  });
});

describe("numbers by coordinate", () => {
  test("are even along every coordinate", () => {
    for (let axis = 0; axis < 5; axis++) {
      const counts = Array.from({ length: 20 }, () => 0);
      for (let i = 0; i < 20_000; i++) {
        const at = [1, 0, 4, 2, 30];
        at[axis] = i;
        counts[Math.floor(uniformFrom(keyAt(...at.slice(0, -1)), at[4]) * 20)]++;
      }
      expect(counts.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(43.8); // 99.9 %, 19 degrees
    }
  });

  test("do not follow from their neighbour's", () => {
    const n = 20_000;
    let product = 0;
    const key = keyAt(1, 0, 1, 1, 1);
    for (let i = 0; i < n; i++) product += (uniformFrom(key, i) - 0.5) * (uniformFrom(key, i + 1) - 0.5);
    expect(Math.abs((12 * product) / n)).toBeLessThan(0.03);
  });
});
