/** The start-up check: it passes an honest backend and refuses one whose results are off, and says in what. */
import { expect, test } from "vitest";
import { makeRng } from "../core/rng";
import { type Backend, chooseBackend } from "../tensor/device";
import type { Engine } from "../tensor/engine";
import { configFor, initialWeights } from "./initialise";
import { halfPrecisionTest, selfTest } from "./self-test";
import { faulty, spoiltDecoder, spoiltLogprobs } from "./testing/faulty";

const config = configFor({
  hidden: 16,
  layers: 2,
  heads: 2,
  kvHeads: 1,
  intermediate: 24,
  vocab: 20,
  maxPositions: 32,
});

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
  ["log-probabilities that are not numbers", spoiltLogprobs(() => NaN), /the text it writes is off by/],
  [
    "a row that never writes",
    (engine) => ({
      makeDecoder: (...given) =>
        spoiltDecoder(engine.makeDecoder(...given), {
          begin: () => Promise.resolve(),
          advance: () => Promise.resolve([]),
        }),
    }),
    /it wrote 3 tokens of 12/,
  ],
])("%s is named", async (_, spoil, words) => {
  expect(await run(faulty(await chooseBackend("cpu"), spoil))).toMatch(words);
});

const testHalf = (backend: Backend): Promise<string | null> =>
  halfPrecisionTest(backend, config, initialWeights(config, makeRng(1)), { longest: 32 });

test("caches that lose a little are good enough, more is named", async () => {
  const cpu = await chooseBackend("cpu");
  const off = (by: number): Promise<string | null> =>
    testHalf(
      faulty(
        cpu,
        spoiltLogprobs((logprob) => logprob + by),
      ),
    );
  expect(await off(0.01)).toBeNull();
  expect(await off(-0.06)).toMatch(/off by 0\.06/);
  const sampling = { temperature: 1, topP: 1 };
  const neverGreedy = faulty(cpu, (engine) => ({
    makeDecoder: (model, settings) => engine.makeDecoder(model, { ...settings, sampling }),
  }));
  expect(await testHalf(neverGreedy)).toMatch(/a greedy token is .* nats below the likeliest/);
});
