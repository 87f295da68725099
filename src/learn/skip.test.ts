/** A mini-batch without a finite gradient is left out, and the others teach. */
import { expect, test } from "vitest";
import type { EpisodeRecord } from "../core/episode";
import { makeConfig } from "../config/presets";
import { makeRng } from "../core/rng";
import { makePolicy } from "../policy/engine-policy";
import { configFor, initialWeights } from "../policy/initialise";
import { chooseBackend } from "../tensor/device";
import { learn } from "./grpo";

const config = configFor({
  hidden: 16,
  layers: 1,
  heads: 2,
  kvHeads: 2,
  intermediate: 16,
  vocab: 12,
  maxPositions: 16,
});

function episode(sample: number, policyLogprob: number): EpisodeRecord {
  const ids = [1, 2, 3 + sample, 4, 5];
  const mask = [0, 0, 1, 1, 1];
  const policyLogprobs = ids.map((_, t) => (mask[t] === 1 ? policyLogprob : 0));
  return {
    id: `0/${sample}`,
    group: 0,
    sample,
    ids,
    mask,
    policyLogprobs,
    reward: sample % 2 === 0 ? 1 : -1,
    advantage: 0,
  } as unknown as EpisodeRecord;
}

async function learnFrom(episodes: EpisodeRecord[]) {
  const policy = makePolicy(await chooseBackend("cpu"), config, initialWeights(config, makeRng(1)));
  const settings = { ...makeConfig("smoke").learn, miniBatches: 4, epochs: 1 };
  const report = await learn({ policy, episodes, settings, learningRate: 1e-2, padding: 0, rng: makeRng(2) });
  const weights = await policy.weights();
  policy.dispose();
  return { report, finite: [...weights.values()].every(({ values }) => values.every(Number.isFinite)) };
}

test("one bad episode of four costs one update", async () => {
  const usual = Math.log(1 / 12);
  const healthy = await learnFrom([0, 1, 2, 3].map((sample) => episode(sample, usual)));
  expect(healthy.report).toMatchObject({ updates: 4, skipped: 0 });
  const { report, finite } = await learnFrom([0, 1, 2, 3].map((sample) => episode(sample, sample === 1 ? NaN : usual)));
  expect(report).toMatchObject({ updates: 3, skipped: 1 });
  expect(Number.isFinite(report.loss)).toBe(true);
  expect(finite).toBe(true);
});

test("where every update is bad, none is taken and the policy stays finite", async () => {
  const { report, finite } = await learnFrom([0, 1, 2, 3].map((sample) => episode(sample, NaN)));
  expect(report).toMatchObject({ updates: 0, skipped: 4, loss: 0 });
  expect(finite).toBe(true);
});
