import * as fc from "fast-check";
import { expect, test } from "vitest";
import { pack, partition, pick, Scratch, sequenceEnds, usefulLengths } from "./packing";

test("a row is read up to the position that predicts its last weighted token", () => {
  expect(usefulLengths(3, 5, Float32Array.of(0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1))).toEqual([3, 0, 4]);
});

test("every weighted row is in exactly one part, whole, and within the budget", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40), { maxLength: 30 }), fc.integer({ min: 40, max: 300 }), (lengths, budget) => {
      const parts = partition(lengths, budget);
      expect(parts.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()].filter((row) => lengths[row] > 0));
      for (const rows of parts) {
        expect(rows.reduce((sum, row) => sum + lengths[row], 0)).toBeLessThanOrEqual(budget);
      }
    }),
  );
  expect(partition([3, 41, 5], 40)).toEqual([[1], [0, 2]]);
});

test("packed sequences are the rows themselves, cut and without what counts nothing", () => {
  const ids = Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  const weights = Float32Array.of(0, 1, 0, 1, 0, 1, 1, 1, 0);
  const lengths = usefulLengths(3, 4, weights);
  expect(lengths).toEqual([2, 3, 2]);
  expect(pack(new Scratch(), { length: 4, ids }, [0, 1, 2], lengths, weights)).toEqual({
    ids: Int32Array.of(1, 2, 5, 6, 7, 9, 10),
    first: Int32Array.of(0, 0, 2, 2, 2, 5, 5),
    positions: Int32Array.of(0, 1, 0, 1, 2, 0, 1),
    places: Int32Array.of(1, 2, 4, 5, 6),
    targets: Int32Array.of(3, 6, 8, 10, 11),
    sources: Int32Array.of(1, 3, 5, 6, 7),
  });
});

test("a sequence's predictions know its first and its last", () => {
  const ids = Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  const weights = Float32Array.of(0, 1, 0, 1, 0, 1, 1, 1, 0);
  const packed = pack(new Scratch(), { length: 4, ids }, [0, 1, 2], [2, 3, 2], weights);
  expect(sequenceEnds(new Scratch(), packed)).toEqual({
    firstPlace: Int32Array.of(0, 1, 1, 3, 3),
    lastPlace: Int32Array.of(0, 2, 2, 4, 4),
  });
});

test("scratch memory gives the same lists, used again or not, and no two that overlap", () => {
  const scratch = new Scratch();
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.nat(2), { minLength: 7, maxLength: 7 }), { minLength: 1, maxLength: 5 }),
      (given) => {
        const batch = { length: 8, ids: Int32Array.from({ length: 8 * given.length }, (_, i) => i) };
        const weights = Float32Array.from(given.flat());
        const lengths = usefulLengths(given.length, 8, weights);
        const packIn = (into: Scratch) => {
          const packed = pack(into, batch, [...given.keys()], lengths, weights);
          return { ...packed, ...sequenceEnds(into, packed), weights: pick(into, weights, packed.sources) };
        };
        expect(packIn(scratch)).toEqual(packIn(new Scratch()));
        scratch.clear();
      },
    ),
  );
});
