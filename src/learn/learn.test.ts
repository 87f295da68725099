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
const headedAtRandom = (() => {
  const random = initialWeights(headed.config, makeRng(3));
  return { config: headed.config, weights: random };
})();
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

/** A snippet that ran. */
const ran = { code: "1", status: "ok" as const, stdout: "", error: "", observation: "", milliseconds: 1 };
const turns = [{ ...ran, codeSpan: [2, 3] as const, observationSpan: [4, 6] as const }];

interface Taught {
  episodes: EpisodeRecord[];
  settings?: LearnOverrides;
  critic?: "network" | "head";
  /** Weights of a policy that the run is held near. */
  reference?: Weights;
  step?: number;
  maxTokens?: number;
  criticLearningRate?: number;
}

async function teach({ episodes, settings = {}, critic, reference: weightsOf, ...more }: Taught) {
  const { step = 1, maxTokens = 16, criticLearningRate = 1e-2 } = more;
  const policy = open(critic === "head" ? headed : start);
  const beside = critic === "network" ? open(headed) : null;
  const reference = weightsOf ? open({ config, weights: weightsOf }) : null;
  const models = { policy, critic: critic === "head" ? policy : beside, reference };
  const request = {
    models,
    episodes,
    settings: makeConfig("smoke", { learn: settings }).learn,
    learningRate: 1e-2,
    criticLearningRate,
    padding: 0,
    step,
    maxTokens,
  };
  const judged = await judgeEpisodes(request);
  const report = await learn({ ...request, rng: makeRng(2) });
  const after = critic ? await judgeEpisodes(request) : null;
  const [weights, ofCritic] = [await policy.weights(), beside && (await beside.weights())];
  policy.dispose();
  beside?.dispose();
  reference?.dispose();
  return { judged, after, report, weights, ofCritic };
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
    const refilled = await teach({ episodes: both, settings: { equalGroups: "keep", refills: 1 } });
    expect(refilled.report.gradientNorm).toBeCloseTo(alone.report.gradientNorm, 6);
  });

  test("M4, A7: what is left out has no say in the batch's mean, and no advantage", async () => {
    const wrong = group(() => ({ reward: -1, group: 1 }));
    for (const algorithm of ["reinforce-plus-plus", "reinforce-plus-plus-baseline"] as const) {
      const settings = { algorithm, equalGroups: "drop" } as const;
      const alone = await teach({ episodes: group(), settings });
      const beside = await teach({ episodes: [...group(), ...wrong], settings });
      expect(beside.judged.advantages).toEqual(alone.judged.advantages);
      expect(wrong.map(({ advantage }) => advantage)).toEqual([0, 0, 0, 0]);
    }
  });

  test("M4: KL in the reward does not make equal outcomes unequal", async () => {
    const right = group((sample) => ({ reward: 1, ids: [1, 2, 3 + sample, 4, 5, 6, 7] }));
    const settings = { klIn: "reward", klCoefficient: 0.1 } as const;
    const { report } = await teach({ episodes: right, settings, reference: initialWeights(config, makeRng(7)) });
    expect(report.updates).toBe(0);
  });

  test("M4: a bonus makes outcomes unequal, but not answers, which refills go by", async () => {
    const right = () => group((sample) => ({ reward: 1, ...(sample === 0 && { turns }) }));
    const settings = { toolBonus: 0.4, equalGroups: "drop" } as const;
    expect((await teach({ episodes: right(), settings })).report.updates).toBe(1);
    expect((await teach({ episodes: right(), settings: { ...settings, refills: 1 } })).report.updates).toBe(0);
  });

  test("what is measured of tokens is their mean, also where the aggregation divides by a constant", async () => {
    const uneven = (sample: number): Partial<EpisodeRecord> =>
      sample < 2 ? { mask: [0, 0, 1, 0, 0, 0, 0] } : { policyLogprobs: [0, 0, -3, -3, 0, 0, -3] };
    const found = [];
    for (const aggregation of ["token-mean", "seq-mean-token-sum-norm"] as const)
      found.push((await teach({ episodes: group(uneven), settings: { aggregation } })).report);
    expect(found[1].clipFractionLow + found[1].clipFractionHigh).toBeGreaterThan(0);
    for (const name of ["clipFractionLow", "clipFractionHigh", "approximateKl", "entropy"] as const)
      expect(found[1][name]).toBeCloseTo(found[0][name], 5);
  });

  test("the largest log ratio is that of the later updates, which meet a policy that has moved", async () => {
    const once = await teach({ episodes: group(), settings: { epochs: 1 } });
    expect(once.report.largestLogRatio).toBe(once.report.samplerMismatch);
    const often = await teach({ episodes: group(), settings: { epochs: 6 } });
    expect(often.report.samplerMismatch).toBe(once.report.samplerMismatch);
    expect(often.report.largestLogRatio).toBeGreaterThan(once.report.largestLogRatio ?? Infinity);
  });

  test("M6: the ablation compares with the trainer's own log-probabilities", async () => {
    const { judged, report } = await teach({ episodes: group(), settings: { interpreterTokens: "learn" } });
    const [{ mask, oldLogprobs, episode }] = judged.experiences;
    expect(mask).toEqual([0, 0, 1, 1, 1, 1, 1]);
    expect(Math.max(...oldLogprobs.slice(2))).toBeLessThan(0);
    // What was sampled is still held against what the trainer says of it.
    const gap = Math.max(...[2, 3, 6].map((t) => Math.abs(oldLogprobs[t] - episode.policyLogprobs[t])));
    expect(report.samplerMismatch).toBeGreaterThanOrEqual(gap);
  });

  test("K1: with token correction the ratio begins at 1 and each advantage is weighed, whatever the sampler said", async () => {
    const off = group(() => ({ logprobs: [0, 0, -9, -9, 0, 0, -9] }));
    const wide = await teach({ episodes: off, settings: { correction: "token", correctionCap: 2 } });
    const [first] = wide.judged.experiences;
    expect(first.corrections).toEqual([0, 0, 2, 2, 0, 0, 2]);
    const narrow = await teach({ episodes: off, settings: { correction: "token", correctionCap: 1 } });
    expect(wide.report.gradientNorm / narrow.report.gradientNorm).toBeCloseTo(2, 4);
    expect(wide.report.approximateKl).toBeLessThan(1e-9);
    const other = group(() => ({ logprobs: [0, 0, -1, -1, 0, 0, -1] }));
    const [told] = (await teach({ episodes: other, settings: { correction: "token" } })).judged.experiences;
    for (const t of [2, 3, 6]) expect(told.corrections[t]).toBeCloseTo(Math.exp(told.oldLogprobs[t] + 1), 6);
  });

  test("K2: with sequence correction an episode from elsewhere is not learned from", async () => {
    const trainer = (await teach({ episodes: group(), settings: { correction: "token" } })).judged.experiences;
    const close = group((sample) => ({
      logprobs: trainer[sample].oldLogprobs.map((x, t) => trainer[sample].mask[t] * (sample === 1 ? x - 1 : x)),
    }));
    const { judged, report } = await teach({ episodes: close, settings: { correction: "sequence" } });
    expect(judged.experiences.map(({ mask }) => mask.includes(1))).toEqual([true, false, true, true]);
    expect(report.maskedEpisodes).toBe(0.25);
  });

  test("M3: a truncated episode is masked where that is on", async () => {
    const cut = group((sample) => ({ flags: { ...group()[0].flags, truncated: sample === 3 } }));
    const { report, judged } = await teach({ episodes: cut, settings: { overlong: "mask" } });
    expect(report.maskedEpisodes).toBe(0.25);
    expect(judged.experiences[3].mask).not.toContain(1);
  });

  test("R3, R4: what is added to the reward reaches the advantages", async () => {
    const settings = { algorithm: "dr-grpo", equalGroups: "drop" } as const;
    const paid = await teach({
      episodes: group((sample) => (sample === 0 ? { turns } : {})),
      settings: { ...settings, toolBonus: 0.4 },
    });
    expect(paid.judged.advantages.map((list) => Number(list[2].toFixed(9)))).toEqual([1.3, -1.1, 0.9, -1.1]);
    const longer = group((sample) =>
      sample === 0 ? { ids: [1, 2, 3, 4, 5, 6, 7, 8], mask: [0, 0, 1, 1, 0, 0, 1, 1] } : {},
    );
    const late = await teach({
      episodes: longer,
      settings: { ...settings, overlong: "penalty", overlongBuffer: 2 },
      maxTokens: 7,
    });
    expect(late.judged.experiences.map(({ score }) => score)).toEqual([0.5, -1, 1, -1]);
  });

  test("O5: each aggregation gives its own gradient", async () => {
    const uneven = group((sample) => (sample < 2 ? { mask: [0, 0, 1, 0, 0, 0, 0] } : {}));
    const norms: number[] = [];
    for (const aggregation of ["token-mean", "seq-mean-token-mean", "seq-mean-token-sum-norm"] as const)
      norms.push((await teach({ episodes: uneven, settings: { aggregation } })).report.gradientNorm);
    expect(new Set(norms.map((norm) => norm.toFixed(6))).size).toBe(3);
    // 8 tokens in all, against 4 sequences of a constant 16: the same sum, an eighth as much.
    expect(norms[0] / norms[2]).toBeCloseTo(8, 4);
  });

  test("R5, O6: KL goes into the loss or into the reward, and is measured either way", async () => {
    const reference = initialWeights(config, makeRng(9));
    const without = await teach({ episodes: group(), settings: {} });
    const inLoss = await teach({ episodes: group(), settings: { klCoefficient: 0.5 }, reference });
    expect(inLoss.report.referenceKl).toBeGreaterThan(0);
    expect(inLoss.report.loss).toBeCloseTo(without.report.loss + 0.5 * inLoss.report.referenceKl, 4);
    const inReward = await teach({ episodes: group(), settings: { klCoefficient: 0.5, klIn: "reward" }, reference });
    expect(inReward.report.referenceKl).toBeCloseTo(inLoss.report.referenceKl, 6);
    const [first] = inReward.judged.experiences;
    const k1 = [2, 3, 6].map((t) => first.oldLogprobs[t] - (first.referenceLogprobs?.[t] ?? 0));
    expect(first.score).toBeCloseTo(1 - 0.5 * k1.reduce((sum, x) => sum + x, 0), 5);
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

  test("C1: then both learn, and the values come nearer to the returns", async () => {
    const { report, weights, judged, after } = await teach({
      episodes: group(),
      settings: { ...settings, epochs: 8, valueClip: 10 },
      critic,
      step: 3,
    });
    expect(report).toMatchObject({ warmingUp: false, updates: 8 });
    expect(moved(withoutValueHead(config, weights).weights)).toBe(true);
    // A head of zeros expects nothing, so the returns are the outcomes.
    expect(judged.returns?.[0]).toEqual([0, 0, 1, 1, 0, 0, 1]);
    expect(judged.explainedVariance).toBeCloseTo(0, 6);
    expect(after?.explainedVariance).toBeGreaterThan(0.05);
  });

  test("C1: a value is what the critic says before its token", async () => {
    const model = open(headedAtRandom);
    const episodes = group();
    const request = {
      models: { policy: model, critic: model, reference: null },
      episodes,
      settings: makeConfig("smoke", { learn: settings }).learn,
      padding: 0,
      step: 3,
      maxTokens: 16,
    };
    const { experiences } = await judgeEpisodes(request);
    // Alone, cut off right before the token: what comes later cannot have been seen.
    const { ids } = episodes[1];
    for (const t of [2, 3, 6]) {
      const [said] = (await model.values({ rows: 1, length: t + 1, ids: Int32Array.from(ids.slice(0, t + 1)) })).slice(
        -1,
      );
      expect(experiences[1].values?.[t]).toBeCloseTo(said, 5);
    }
    model.dispose();
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

  test("S2: of the critic's own network is counted, and the policy learns on", async () => {
    const settings: LearnOverrides = { algorithm: "ppo", critic: "network", criticWarmUp: 0, miniBatches: 4 };
    const { report, weights } = await teach({
      episodes: group(),
      settings,
      critic: "network",
      criticLearningRate: 1e38,
    });
    expect(report).toMatchObject({ updates: 4, skipped: 3 });
    expect(moved(weights)).toBe(true);
    expect(numbers(weights).every(Number.isFinite)).toBe(true);
  });

  test("S2: of all, and none is taken", async () => {
    const { report, weights } = await teach({ episodes: broken(() => true), settings: { miniBatches: 4 } });
    expect(report).toMatchObject({ updates: 0, skipped: 4 });
    expect(moved(weights)).toBe(false);
  });
});
