/**
 * How an op is tested, the same for all: every way of computing it is held against the composition on tfjs's cpu
 * backend, for shapes drawn at random, and that composition against finite differences.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { error, mixture, type OpCase, type RunLoss, type RunOp, type Sizes, sizes, wideSizes } from "./case";
import { eagerly, lossEagerly, missing } from "./eager";
import { lossOnPlan, onPlan, tunings } from "./plan";

const plans = <T>(run: (tuning: (typeof tunings)[string]) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(tunings).map(([name, tuning]) => [`a plan of ${name}`, run(tuning)]));

const otherWays: Record<string, RunOp> = { wasm: eagerly("wasm"), ...plans(onPlan) };

/** Every way in which a loss is computed. */
export const lossRunners: Record<string, RunLoss> = {
  cpu: lossEagerly("cpu"),
  wasm: lossEagerly("wasm"),
  ...plans(lossOnPlan),
};

/** Central differences of the mix, from the op's value alone. */
async function numericalGradient(subject: OpCase, name: string, at: number): Promise<number> {
  const step = 1e-2;
  const mixedAt = async (delta: number): Promise<number> => {
    const move = (arrays: OpCase["parameters"]): OpCase["parameters"] => {
      const moved = arrays.get(name);
      if (!moved) return arrays;
      const values = moved.values.slice();
      values[at] += delta;
      return new Map(arrays).set(name, { ...moved, values });
    };
    const { parameters, activations } = subject;
    const moved = { ...subject, parameters: move(parameters), activations: move(activations) };
    const { value } = await eagerly("cpu")(moved);
    const coefficients = mixture(value.length);
    return value.reduce((sum, each, i) => sum + each * coefficients[i], 0);
  };
  return ((await mixedAt(step)) - (await mixedAt(-step))) / (2 * step);
}

/** Registers an op's tests. `make` draws a case of the given sizes; `ways` are all unless some are named. */
export function testOp(
  name: string,
  make: (sizes: Sizes) => OpCase,
  ways: readonly string[] = Object.keys(otherWays),
): void {
  describe(`the op ${name}`, () => {
    test.each(ways)("is the same on %s as its composition, for shapes of all kinds", async (way) => {
      const run = otherWays[way] ?? missing(way);
      await fc.assert(
        fc.asyncProperty(sizes, async (drawn) => {
          const subject = make(drawn);
          expect(error(await run(subject), await eagerly("cpu")(subject))).toBeLessThan(2e-5);
        }),
        { numRuns: 15 },
      );
      for (const wide of wideSizes) {
        const subject = make(wide);
        expect(error(await run(subject), await eagerly("cpu")(subject))).toBeLessThan(1e-4);
      }
    });

    test("has the gradient that finite differences have", async () => {
      const shape = { heads: 4, kvHeads: 2, headDim: 4, theta: 100, positions: 100 };
      const subject = make({ n: 3, shape, seed: 5 });
      const { grads } = await eagerly("cpu")(subject);
      for (const [parameter, gradient] of grads) {
        for (let at = 0; at < gradient.length; at += Math.ceil(gradient.length / 12)) {
          expect(gradient[at]).toBeCloseTo(await numericalGradient(subject, parameter, at), 2);
        }
      }
    });
  });
}
