/** The start-up check: it passes an honest backend and refuses one whose results are off, and says in what. */
import { expect, test } from "vitest";
import { makeRng } from "../core/rng";
import { type Backend, chooseBackend } from "../tensor/device";
import type { Engine } from "../tensor/engine";
import { configFor, initialWeights } from "./initialise";
import { selfTest } from "./self-test";

const config = configFor({
  hidden: 16,
  layers: 2,
  heads: 2,
  kvHeads: 1,
  intermediate: 24,
  vocab: 20,
  maxPositions: 32,
});

/** The real engine, with a driver's fault between it and the policy. */
async function faulty(spoil: (engine: Engine) => Partial<Engine>): Promise<Backend> {
  const backend = await chooseBackend("cpu");
  return {
    ...backend,
    makeEngine: (options) => {
      const engine = backend.makeEngine(options);
      const bound = new Proxy(engine, {
        get: (target, key) => {
          const found: unknown = Reflect.get(target, key, target);
          return typeof found === "function" ? (found.bind(target) as unknown) : found;
        },
      });
      const spoiled = spoil(engine);
      return new Proxy(bound, { get: (target, key) => Reflect.get(key in spoiled ? spoiled : target, key) as unknown });
    },
  };
}

const run = (backend: Backend): Promise<string | null> => selfTest(backend, config, initialWeights(config, makeRng(1)));

test("an honest backend passes", async () => {
  expect(await run(await chooseBackend("cpu"))).toBeNull();
});

test.each<[string, (engine: Engine) => Partial<Engine>, RegExp]>([
  [
    "a loss that is off",
    (engine) => ({
      update: async (...given) => {
        const { statistics, gradientNorm } = await engine.update(...given);
        return { statistics: statistics.map((list) => list.map((value) => value + 0.01)), gradientNorm };
      },
    }),
    /its loss is off by 0\.01/,
  ],
  [
    "a gradient that is off",
    (engine) => ({
      update: async (...given) => {
        const { statistics, gradientNorm } = await engine.update(...given);
        return { statistics, gradientNorm: gradientNorm * 1.1 };
      },
    }),
    /its gradient is off by 10 %/,
  ],
  [
    "an update that is lost",
    (engine) => ({
      update: async (program, inputs, settings) => {
        return engine.update(program, inputs, { ...settings, learningRate: 0.1 });
      },
    }),
    /after a step it is off by/,
  ],
  [
    "log-probabilities that are not numbers",
    (engine) => ({
      makeDecoder: (...given) => {
        const decoder = engine.makeDecoder(...given);
        return Object.assign(Object.create(decoder) as typeof decoder, {
          begin: decoder.begin.bind(decoder),
          dispose: decoder.dispose.bind(decoder),
          advance: async () => {
            const written = await decoder.advance();
            return written.map((row) => ({ ...row, policyLogprobs: row.policyLogprobs.map(() => NaN) }));
          },
        });
      },
    }),
    /the text it writes is off by/,
  ],
  [
    "a row that never writes",
    (engine) => ({
      makeDecoder: (...given) => {
        const decoder = engine.makeDecoder(...given);
        return Object.assign(Object.create(decoder) as typeof decoder, {
          begin: () => Promise.resolve(),
          dispose: decoder.dispose.bind(decoder),
          advance: () => Promise.resolve([]),
        });
      },
    }),
    /it wrote 3 tokens of 12/,
  ],
])("%s is named", async (_, spoil, words) => {
  expect(await run(await faulty(spoil))).toMatch(words);
});
