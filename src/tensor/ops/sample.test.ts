import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { keyAt, makeRng, uniformFrom } from "../../core/rng";
import { drawToken } from "./sample";

const all = { temperature: 1, topP: 1 };
const logitsOf = (size: number): fc.Arbitrary<Float32Array> =>
  fc.float32Array({ minLength: size, maxLength: size, min: -20, max: 20, noNaN: true });

function softmax(logits: Float32Array, temperature: number): number[] {
  const scaled = Array.from(logits, (logit) => logit / temperature);
  const largest = Math.max(...scaled);
  const weights = scaled.map((logit) => Math.exp(logit - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

describe("drawing a token", () => {
  property.prop([
    logitsOf(9),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.constantFrom(0.5, 1, 1.7),
  ])("reports the softmax's own log-probability and entropy", (logits, uniform, temperature) => {
    const probabilities = softmax(logits, temperature);
    const draw = drawToken(logits, 0, 9, uniform, { temperature, topP: 1 });
    const entropy = probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
    expect(draw.logprob).toBeCloseTo(Math.log(probabilities[draw.token]), 5);
    expect(draw.entropy).toBeCloseTo(entropy, 5);
    const below = probabilities.slice(0, draw.token).reduce((sum, p) => sum + p, 0);
    expect(uniform).toBeGreaterThanOrEqual(below - 1e-9);
    expect(uniform).toBeLessThanOrEqual(below + probabilities[draw.token] + 1e-9);
  });

  // Logits a hundredth apart: of two that differ by less than rounding, either may be the likelier one.
  const apart = fc
    .uniqueArray(fc.integer({ min: -900, max: 900 }), { minLength: 12, maxLength: 12 })
    .map((hundredths) => Float32Array.from(hundredths, (value) => value / 100));

  property.prop([apart, fc.double({ min: 0.05, max: 0.95, noNaN: true })])(
    "top-p keeps the smallest set of likeliest tokens that reaches it",
    (logits, topP) => {
      const probabilities = softmax(logits, 1);
      const order = probabilities.map((p, token) => ({ p, token })).sort((a, b) => b.p - a.p || a.token - b.token);
      const kept = new Set<number>();
      let mass = 0;
      for (const { p, token } of order) {
        fc.pre(Math.abs(mass - topP) > 1e-9); // there, rounding alone decides
        if (mass >= topP) break;
        kept.add(token);
        mass += p;
      }
      for (let i = 0; i < 20; i++) {
        const draw = drawToken(logits, 0, 12, i / 20, { temperature: 1, topP });
        expect(kept.has(draw.token)).toBe(true);
        expect(draw.logprob).toBeCloseTo(Math.log(probabilities[draw.token] / mass), 4);
      }
    },
  );

  test("is unbiased: chi-square against the softmax over 40,000 draws", () => {
    const rng = makeRng(3);
    const vocabulary = 32;
    const logits = Float32Array.from({ length: vocabulary }, () => rng.float() * 3);
    const probabilities = softmax(logits, 1);
    const counts = Array.from({ length: vocabulary }, () => 0);
    const draws = 40_000;
    for (let i = 0; i < draws; i++) {
      counts[drawToken(logits, 0, vocabulary, uniformFrom(keyAt(1, 0, 5, i, 2), 17), all).token]++;
    }
    const chiSquare = counts.reduce(
      (sum, n, v) => sum + (n - draws * probabilities[v]) ** 2 / (draws * probabilities[v]),
      0,
    );
    expect(chiSquare).toBeLessThan(61.1); // 99.9 % of 31 degrees of freedom
  });

  test("a row's logits stand at its offset", () => {
    const logits = Float32Array.from([9, 0, 0, 0, 0, 9]);
    expect(drawToken(logits, 0, 3, 0.5, all).token).toBe(0);
    expect(drawToken(logits, 3, 3, 0.5, all).token).toBe(2);
  });
});
