import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { alignToPredictions, makeBatch, maskedTokens, type TokenSequence } from "./batch";
import { policyLearningRate, supervisedLearningRate } from "./learning-rate";

const sequences: fc.Arbitrary<TokenSequence[]> = fc.array(
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom(0, 1)), { minLength: 2, maxLength: 20 })
    .map((tokens) => ({
      ids: tokens.map(([id]) => id),
      mask: tokens.map(([, bit], t) => (t === 0 ? 0 : bit)), // the first token is always given
    })),
  { minLength: 1, maxLength: 6 },
);

describe("batches", () => {
  property.prop([sequences.filter((list) => maskedTokens(list) > 0)])(
    "weigh every policy token alike, one place before it, and nothing else",
    (list) => {
      const batch = makeBatch(list, 0);
      const tokens = list.flatMap(({ mask }) => mask).filter((bit) => bit === 1).length;
      for (let row = 0; row < batch.rows; row++) {
        for (let t = 0; t < batch.length; t++) {
          expect(batch.ids[row * batch.length + t]).toBe(list[row].ids[t] ?? 0);
          if (t === 0) continue;
          const weight = batch.weights[row * (batch.length - 1) + t - 1];
          expect(weight).toBeCloseTo(list[row].mask[t] === 1 ? 1 / tokens : 0, 6);
        }
      }
      expect(batch.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    },
  );

  property.prop([sequences])("lay a token's number where it is predicted", (list) => {
    const length = Math.max(...list.map(({ ids }) => ids.length));
    const laid = alignToPredictions(list, length, (row, t) => row * 100 + t);
    list.forEach(({ mask }, row) => {
      for (let t = 1; t < length; t++) {
        expect(laid[row * (length - 1) + t - 1]).toBe(mask[t] === 1 ? row * 100 + t : 0);
      }
    });
  });
});

test("the cold start's learning rate rises for 50 steps and falls to a twentieth", () => {
  const rates = Array.from({ length: 400 }, (_, i) => supervisedLearningRate(i + 1, 400, 1));
  expect(rates[0]).toBeCloseTo(0.02 * (1 - 1 / 400), 6);
  expect(Math.max(...rates)).toBe(rates[49]);
  expect(rates[399]).toBeCloseTo(0.05, 6);
});

test("RL's learning rate falls in a line to its share at the last step", () => {
  const rates = Array.from({ length: 11 }, (_, i) => policyLearningRate(i + 1, 11, 2, 0.1));
  expect(rates[0]).toBe(2);
  expect(rates[5]).toBeCloseTo(1.1, 12);
  expect(rates[10]).toBeCloseTo(0.2, 12);
  expect(policyLearningRate(40, 11, 2, 0.1)).toBeCloseTo(0.2, 12);
  expect(policyLearningRate(1, 1, 2, 0.1)).toBe(2);
});
