import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeRng } from "../../core/rng";
import { distance, floats, lossCase } from "../testing/case";
import { lossRunners } from "../testing/op";

const [valueClip, valueCoefficient] = [0.2, 0.7];

function lossByHand(values: number[], old: Float32Array, returns: Float32Array, weights: Float32Array) {
  let [loss, cut, error] = [0, 0, 0];
  values.forEach((v, i) => {
    const near = Math.min(Math.max(v, old[i] - valueClip), old[i] + valueClip);
    const [free, clipped] = [(v - returns[i]) ** 2, (near - returns[i]) ** 2];
    loss += valueCoefficient * 0.5 * weights[i] * Math.max(free, clipped);
    cut += clipped > free ? weights[i] : 0;
    error += weights[i] * free;
  });
  return [loss, cut, error];
}

describe.each(Object.entries(lossRunners))("the value loss on %s", (_, run) => {
  test("is the clipped squared error, and so is its gradient", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 50 }), fc.nat(1000), async (n, seed) => {
        const rng = makeRng(seed);
        const list = (): Float32Array => Float32Array.from({ length: n }, () => 2 * rng.float() - 1);
        const [values, old, returns, weights] = [list(), list(), list(), list().map((w) => Math.max(0, w))];
        const settings = Float32Array.of(valueClip, valueCoefficient);
        const { value, grads } = await run(
          lossCase({
            activations: { values: { shape: [n, 1], values } },
            size: "places",
            inputs: {
              old: floats("places", old),
              returns: floats("places", returns),
              weights: floats("places", weights),
              settings: floats(2, settings),
            },
            run: ({ ops, parameter, input }) => {
              const terms = { old: input("old"), returns: input("returns"), weights: input("weights") };
              return ops.valueLoss(parameter("values"), terms, input("settings"));
            },
          }),
        );
        const all = Array.from(values);
        expect(distance(value, Float32Array.from(lossByHand(all, old, returns, weights)))).toBeLessThan(1e-5);
        const slopes = Float32Array.from(all, (_, at) => {
          const of = (delta: number): number => {
            const moved = all.map((v, i) => (i === at ? v + delta : v));
            return lossByHand(moved, old, returns, weights)[0];
          };
          return (of(1e-6) - of(-1e-6)) / 2e-6;
        });
        expect(distance(grads.get("values") ?? new Float32Array(), slopes)).toBeLessThan(1e-4);
      }),
      { numRuns: 12 },
    );
  });
});
