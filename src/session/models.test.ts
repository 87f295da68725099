/** The set of models is set up again exactly as it was kept, whatever learns. */
import { describe, expect, test } from "vitest";
import { makeConfig } from "../config/presets";
import type { LearnOverrides } from "../config/learn-settings";
import { makeRng } from "../core/rng";
import { learn } from "../learn/learn";
import { episodeOf } from "../learn/testing/episode";
import { makePolicy } from "../policy/engine-policy";
import { configFor, initialWeights } from "../policy/initialise";
import type { LlamaConfig, Policy, Weights } from "../policy/policy";
import { chooseBackend } from "../tensor/device";
import { modelCount, ModelSet } from "./models";

const sizes = { hidden: 16, layers: 1, heads: 2, kvHeads: 2, intermediate: 16, vocab: 12, maxPositions: 16 };
const config = configFor(sizes);
const start = { config, weights: initialWeights(config, makeRng(1)) };
const backend = await chooseBackend("cpu");
const make = (of: LlamaConfig, weights: Weights): Policy => makePolicy(backend, of, weights);

const learnOf = (own: LearnOverrides) => makeConfig("smoke", { learn: own }).learn;

const numbers = (weights: Weights | undefined): number[] =>
  [...(weights ?? [])].flatMap(([, { values }]) => [...values]);

async function step(models: ModelSet, settings: ReturnType<typeof learnOf>, at: number): Promise<void> {
  const mask = [0, 0, 1, 1, 1];
  const episodes = [0, 1, 2, 3].map((sample) => episodeOf({ mask, sample, reward: sample < 2 ? 1 : -1 }));
  const rates = { learningRate: 1e-2, criticLearningRate: 1e-2 };
  await learn({ models, episodes, settings, ...rates, step: at, maxTokens: 16, padding: 0, rng: makeRng(at) });
}

describe.each<[string, LearnOverrides, number]>([
  ["GRPO", {}, 1],
  ["GRPO held near its start", { klCoefficient: 0.1 }, 2],
  ["PPO with a network", { algorithm: "ppo", criticWarmUp: 0 }, 2],
  [
    "PPO with a head, held near its start",
    { algorithm: "ppo", critic: "head", criticWarmUp: 0, klCoefficient: 0.1 },
    2,
  ],
])("the models of %s", (_, own, count) => {
  const settings = learnOf(own);

  test("go on from where they were kept as if nothing had happened", async () => {
    expect(modelCount(settings)).toBe(count);
    const models = new ModelSet(make, start, settings);
    await step(models, settings, 1);
    const again = new ModelSet(make, start, settings, await models.keep());
    for (const set of [models, again]) await step(set, settings, 2);
    const [kept, other] = [await models.keep(), await again.keep()];
    expect(numbers(kept.policy.weights)).not.toEqual(numbers(start.weights));
    expect(numbers(other.policy.weights)).toEqual(numbers(kept.policy.weights));
    expect(numbers(other.critic?.weights)).toEqual(numbers(kept.critic?.weights));
    expect(other.policy.optimizer.step).toBe(2);
    models.dispose();
    again.dispose();
  });

  test("leave a checkpoint without a critic's head, and a reference that does not move", async () => {
    const models = new ModelSet(make, start, settings);
    await step(models, settings, 1);
    const { config: saved, weights } = await models.checkpoint();
    expect(saved).toEqual(config);
    expect([...weights.keys()]).toEqual([...start.weights.keys()]);
    const stays = models.reference ? numbers(await models.reference.weights()) : numbers(start.weights);
    expect(stays).toEqual(numbers(start.weights));
    models.dispose();
  });

  test("leave nothing behind, not even where the last of them cannot be made", () => {
    const before = new ModelSet(make, start, settings);
    const held = before.memory().tensors;
    before.dispose();
    let made = 0;
    const failing = (of: LlamaConfig, weights: Weights): Policy => {
      if (++made === count) throw new RangeError("no room");
      return make(of, weights);
    };
    expect(() => new ModelSet(failing, start, settings)).toThrow("no room");
    const after = new ModelSet(make, start, settings);
    expect(after.memory().tensors).toBe(held);
    after.dispose();
  });
});
