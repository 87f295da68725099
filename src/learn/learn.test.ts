/** A step's learning on a real policy, as small as can be, on the cpu. */
import { describe, expect, test } from "vitest";
import { makeConfig } from "../config/presets";
import type { LearnOverrides } from "../config/learn-settings";
import type { EpisodeRecord } from "../core/episode";
import { makeRng } from "../core/rng";
import { makePolicy } from "../policy/engine-policy";
import { configFor, initialWeights, withoutValueHead, withValueHead } from "../policy/initialise";
import type { Policy, Weights } from "../policy/policy";
import { chooseBackend } from "../tensor/device";
import { judgeEpisodes } from "./judge";
import { learn } from "./learn";
import { episodeOf } from "./testing/episode";

const config = configFor({
  hidden: 16,
  layers: 1,
  heads: 2,
  kvHeads: 2,
  intermediate: 16,
  vocab: 12,
  maxPositions: 16,
});
const backend = await chooseBackend("cpu");
const start = { config, weights: initialWeights(config, makeRng(1)) };
const headed = withValueHead(config, start.weights);
const open = (of: typeof start = start): Policy => makePolicy(backend, of.config, of.weights);

const usual = Math.log(1 / 12);

/** Four episodes of one problem, every other one right; interpreter text in their middle. */
function group(own: (sample: number) => Partial<EpisodeRecord> = () => ({})): EpisodeRecord[] {
  const mask = [0, 0, 1, 1, 0, 0, 1];
  return [0, 1, 2, 3].map((sample) => {
    const logprobs = mask.map((bit) => bit * usual);
    const reward = sample % 2 === 0 ? 1 : -1;
    return episodeOf({ mask, sample, reward, logprobs, policyLogprobs: logprobs, ...own(sample) });
  });
}

interface Taught {
  episodes: EpisodeRecord[];
  settings?: LearnOverrides;
  critic?: "network" | "head";
  step?: number;
}

async function teach({ episodes, settings = {}, critic, step = 1 }: Taught) {
  const policy = open(critic === "head" ? headed : start);
  const beside = critic === "network" ? open(headed) : null;
  const models = { policy, critic: critic === "head" ? policy : beside, reference: null };
  const request = {
    models,
    episodes,
    settings: makeConfig("smoke", { learn: settings }).learn,
    learningRate: 1e-2,
    padding: 0,
    step,
    maxTokens: 16,
  };
  const judged = await judgeEpisodes(request);
  const report = await learn({ ...request, rng: makeRng(2) });
  const [weights, ofCritic] = [await policy.weights(), beside && (await beside.weights())];
  policy.dispose();
  beside?.dispose();
  return { judged, report, weights, ofCritic };
}

const numbers = (weights: Weights | null): number[] => [...(weights ?? [])].flatMap(([, { values }]) => [...values]);
const moved = (weights: Weights): boolean => numbers(weights).join() !== numbers(start.weights).join();

describe("a step", () => {
  test("moves the policy towards what was right", async () => {
    const episodes = group();
    const { report, weights } = await teach({ episodes });
    expect(report).toMatchObject({ updates: 1, skipped: 0, mixedGroups: 1, maskedEpisodes: 0, warmingUp: false });
    expect(moved(weights)).toBe(true);
    expect(episodes.map(({ advantage }) => Math.sign(advantage))).toEqual([1, -1, 1, -1]);
  });

  test("M1: what the interpreter wrote after the last learned token, and old log-probabilities of it, change nothing", async () => {
    const shorter = group((sample) => ({ ids: [1, 2, 3 + sample, 4, 5, 6, 7], mask: [0, 0, 1, 1, 0, 0, 0] }));
    const other = shorter.map((one) => ({
      ...one,
      ids: [...one.ids.slice(0, 4), 9, 8, 9],
      policyLogprobs: one.policyLogprobs.map((x, t) => (one.mask[t] === 1 ? x : -50)),
    }));
    const [a, b] = [await teach({ episodes: shorter }), await teach({ episodes: other })];
    expect(numbers(a.weights)).toEqual(numbers(b.weights));
  });

  test("M2: a void episode is trained on nowhere, and still counts in its group's mean", async () => {
    const hollow = group((sample) => ({ flags: { ...group()[0].flags, void: sample === 1 } }));
    const { judged, report } = await teach({ episodes: hollow, settings: { voidTurns: "mask" } });
    expect(report.maskedEpisodes).toBe(0.25);
    expect(judged.experiences[1].mask).not.toContain(1);
    const whole = await teach({ episodes: group() });
    for (const i of [0, 2, 3]) expect(judged.advantages[i]).toEqual(whole.judged.advantages[i]);
  });

  test("M4: a group of equal rewards is left out, or kept, as set", async () => {
    const right = group(() => ({ reward: 1 }));
    const dropped = await teach({ episodes: right });
    expect(dropped.report).toMatchObject({ updates: 0, mixedGroups: 0 });
    expect(moved(dropped.weights)).toBe(false);
    const kept = await teach({ episodes: right, settings: { equalGroups: "keep" } });
    expect(kept.report.updates).toBe(1);
    // Beside one that teaches, it halves what each of that one's tokens counts.
    const both = [...group(), ...right.map((one) => ({ ...one, group: 1 }))];
    const [alone, together] = [
      await teach({ episodes: both }),
      await teach({ episodes: both, settings: { equalGroups: "keep" } }),
    ];
    expect(together.report.gradientNorm).toBeCloseTo(alone.report.gradientNorm / 2, 5);
  });

  test("M6: the ablation compares with the trainer's own log-probabilities", async () => {
    const { judged, report } = await teach({ episodes: group(), settings: { interpreterTokens: "learn" } });
    expect(judged.experiences[0].mask).toEqual([0, 0, 1, 1, 1, 1, 1]);
    expect(report.largestLogprobGap).toBeLessThan(1e-5);
  });

  test("K1: with token correction the ratio begins at 1, whatever the sampler said", async () => {
    const off = group(() => ({ policyLogprobs: [0, 0, -1, -1, 0, 0, -1] }));
    const { judged, report } = await teach({ episodes: off, settings: { correction: "token", correctionCap: 1.1 } });
    expect(report.largestLogprobGap).toBeLessThan(1e-5);
    const [first] = judged.experiences;
    const ratios = first.oldLogprobs.map((logprob, t) => Math.exp(logprob - first.episode.policyLogprobs[t]));
    for (const t of [2, 3, 6]) expect(first.corrections[t]).toBeCloseTo(Math.min(1.1, ratios[t]), 6);
  });

  test("K2: with sequence correction an episode from elsewhere is not learned from", async () => {
    const trainer = (await teach({ episodes: group(), settings: { correction: "token" } })).judged.experiences;
    const close = group((sample) => ({
      policyLogprobs: trainer[sample].oldLogprobs.map((x, t) => trainer[sample].mask[t] * (sample === 1 ? x - 1 : x)),
    }));
    const { judged, report } = await teach({ episodes: close, settings: { correction: "sequence" } });
    expect(judged.experiences.map(({ mask }) => mask.includes(1))).toEqual([true, false, true, true]);
    expect(report.maskedEpisodes).toBe(0.25);
  });

  test("O7: an entropy bonus makes the gradient another", async () => {
    const [without, bonus] = [
      await teach({ episodes: group() }),
      await teach({ episodes: group(), settings: { entropyBonus: 0.1 } }),
    ];
    expect(bonus.report.loss).toBeCloseTo(without.report.loss - 0.1 * without.report.entropy, 5);
    expect(bonus.report.gradientNorm).not.toBeCloseTo(without.report.gradientNorm, 5);
  });
});

describe.each(["network", "head"] as const)("PPO with a critic that is a %s", (critic) => {
  const settings: LearnOverrides = { algorithm: "ppo", critic, criticWarmUp: 2 };

  test("C2: while it warms up, only the critic learns", async () => {
    const { report, weights, ofCritic } = await teach({
      episodes: group(),
      settings: { ...settings, epochs: 3 },
      critic,
      step: 2,
    });
    expect(report).toMatchObject({ warmingUp: true, updates: 3 });
    const head = (critic === "head" ? weights : ofCritic)?.get("v_head.summary.weight")?.values ?? [];
    expect(Math.max(...head.map(Math.abs))).toBeGreaterThan(0);
    // A network of its own leaves the policy alone; a head shares its body, which the values' loss moves.
    expect(moved(withoutValueHead(config, weights).weights)).toBe(critic === "head");
  });

  test("C1: then both learn, and the values approach the returns", async () => {
    const { report, weights, judged } = await teach({
      episodes: group(),
      settings: { ...settings, epochs: 4 },
      critic,
      step: 3,
    });
    expect(report).toMatchObject({ warmingUp: false, updates: 4 });
    expect(moved(weights)).toBe(true);
    expect(report.valueLoss).toBeGreaterThan(0);
    // A head of zeros expects nothing, so the returns are the outcomes.
    expect(judged.returns?.[0]).toEqual([0, 0, 1, 1, 0, 0, 1]);
    expect(judged.explainedVariance).toBeCloseTo(0, 6);
  });
});

describe("S2: a gradient that is no number", () => {
  const broken = (bad: (sample: number) => boolean) =>
    group((sample) => (bad(sample) ? { policyLogprobs: [0, 0, NaN, NaN, 0, 0, NaN] } : {}));

  test("S2: of one episode of four costs one update", async () => {
    const settings = { miniBatches: 4 };
    const healthy = await teach({ episodes: group(), settings });
    expect(healthy.report).toMatchObject({ updates: 4, skipped: 0 });
    const { report, weights } = await teach({ episodes: broken((sample) => sample === 1), settings });
    expect(report).toMatchObject({ updates: 3, skipped: 1 });
    expect(Number.isFinite(report.loss)).toBe(true);
    expect(numbers(weights).every(Number.isFinite)).toBe(true);
  });

  test("S2: of all, and none is taken", async () => {
    const { report, weights } = await teach({ episodes: broken(() => true), settings: { miniBatches: 4 } });
    expect(report).toMatchObject({ updates: 0, skipped: 4 });
    expect(moved(weights)).toBe(false);
  });
});
