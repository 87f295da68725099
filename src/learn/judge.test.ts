/** What is learned from: rewards, masks, filters, corrections, aggregation; each rule alone. */
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { makeConfig, withSetting } from "../config/presets";
import { settingOf } from "../config/settings";
import { algorithmNames } from "../config/learn-settings";
import { tokenWeights } from "./aggregation";
import { isWithinBand, tokenCorrections } from "./correction";
import { isMasked, learningMask } from "./filters";
import { learningReward, overlongPenalty, tokenRewards } from "./reward";
import { episodeOf } from "./testing/episode";

const plain = makeConfig("spark").learn;
const ran = { code: "print(1)", status: "ok" as const, stdout: "1", error: "", observation: "", milliseconds: 1 };
const withCode = episodeOf({ mask: [0, 1, 1], turns: [{ ...ran, codeSpan: [1, 2], observationSpan: [2, 3] }] });

describe("rewards", () => {
  test("R1: with nothing switched on, an episode is paid for its answer alone", () => {
    for (const reward of [1, -1]) {
      expect(learningReward({ ...withCode, reward }, 1, 3, plain)).toBe(reward);
    }
  });

  property.prop([fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 20 }), fc.constantFrom(-1, 0.5, 1)])(
    "R2: the outcome stands on the last learned token, and nowhere else",
    (mask, outcome) => {
      const rewards = tokenRewards(outcome, mask, mask, null, 0);
      const expected = mask.map((_, t) => (t === mask.lastIndexOf(1) ? outcome : 0));
      expect(rewards).toEqual(expected);
    },
  );

  test("R3: the overlong penalty begins with the buffer and ends at -1", () => {
    expect([0, 68, 76, 84, 100, 120].map((length) => overlongPenalty(length, 100, 32))).toEqual(
      [0, -0, -0.25, -0.5, -1, -1].map((x) => x + 0),
    );
    // A buffer larger than what may be written begins with the first token.
    expect(overlongPenalty(5, 10, 4096)).toBe(-0.5);
    // Eight tokens in all; the policy wrote three of the six after the prompt, so the interpreter's are not counted.
    const long = episodeOf({ mask: [0, 0, 1, 1, 0, 0, 0, 1], reward: 1 });
    const settings = { ...plain, overlong: "penalty" as const, overlongBuffer: 4 };
    expect([8, 9].map((limit) => learningReward(long, 1, limit, settings))).toEqual([0.75, 1]);
    expect(learningReward(long, 1, 8, { ...settings, overlong: "mask" })).toBe(1);
  });

  test("R4: the tool bonus is off, is paid for a snippet that ran, fades, and says that it is not in the paper", () => {
    expect(plain.toolBonus).toBe(0);
    expect(settingOf("learn.toolBonus")?.label.en).toContain("not in the paper");
    const settings = { ...plain, toolBonus: 0.5, toolBonusSteps: 10 };
    const at = (step: number) => learningReward(withCode, step, 100, settings);
    expect([1, 6, 11, 50].map(at)).toEqual([1.5, 1.25, 1, 1]);
    const failed = { ...withCode, turns: withCode.turns.map((turn) => ({ ...turn, status: "error" as const })) };
    expect(learningReward(failed, 1, 100, settings)).toBe(1);
    expect(learningReward(episodeOf({ mask: [0, 1] }), 1, 100, settings)).toBe(1);
  });

  test("R5: KL in the reward takes k1 from each learned token", () => {
    const rewards = tokenRewards(1, [0, 1, 0, 1], [-9, -1, -9, -2], [0, -1.5, 0, -1], 0.1);
    expect(rewards.map((reward) => Number(reward.toFixed(12)))).toEqual([0, -0.05, 0, 1.1]);
  });
});

describe("masks", () => {
  const mask = [0, 0, 1, 1, 0, 0, 1];
  const flags = episodeOf({ mask }).flags;

  test("M1: the learning mask is the episode's own", () => {
    expect(learningMask(episodeOf({ mask }), plain)).toEqual(mask);
  });

  test("M2, M3: void and truncated episodes are masked where that is on, and only then", () => {
    const [hollow, cut] = [{ flags: { ...flags, void: true } }, { flags: { ...flags, truncated: true } }];
    expect([hollow, cut].map((episode) => isMasked(episode, plain))).toEqual([false, false]);
    expect([hollow, cut].map((one) => isMasked(one, { ...plain, voidTurns: "mask" }))).toEqual([true, false]);
    expect([hollow, cut].map((one) => isMasked(one, { ...plain, overlong: "mask" }))).toEqual([false, true]);
    const masked = learningMask({ ...episodeOf({ mask }), ...hollow }, { ...plain, voidTurns: "mask" });
    expect(masked).toEqual(mask.map(() => 0));
  });

  test("M6: the ablation learns from all that follows the prompt", () => {
    const learned = learningMask(episodeOf({ mask }), { ...plain, interpreterTokens: "learn" });
    expect(learned).toEqual([0, 0, 1, 1, 1, 1, 1]);
  });
});

describe("aggregation", () => {
  const lengths = fc.array(fc.nat(20), { minLength: 1, maxLength: 8 }).filter((list) => list.some((n) => n > 0));

  property.prop([lengths])("O5: each rule is its mean of means, written out", (list) => {
    const losses = list.map((n, i) => Array.from({ length: n }, (_, t) => (i + 1) * (t + 0.5)));
    const sum = (values: number[]): number => values.reduce((total, x) => total + x, 0);
    const weighted = (rule: Parameters<typeof tokenWeights>[1]): number => {
      const weights = tokenWeights(list, rule, 64);
      return sum(losses.map((own, i) => weights[i] * sum(own)));
    };
    const counted = losses.filter((own) => own.length > 0);
    const mean = (values: number[]): number => sum(values) / values.length;
    expect(weighted("token-mean")).toBeCloseTo(mean(losses.flat()), 9);
    expect(weighted("seq-mean-token-mean")).toBeCloseTo(mean(counted.map(mean)), 9);
    expect(weighted("seq-mean-token-sum-norm")).toBeCloseTo(mean(counted.map((own) => sum(own) / 64)), 9);
  });
});

describe("sampler and trainer", () => {
  test("K1: a token's weight is the trainer's probability over the sampler's, capped", () => {
    const [trainer, sampler] = [
      [-1, -1, -3, 0],
      [-1, -5, -2, -9],
    ];
    const weights = tokenCorrections([1, 1, 1, 0], trainer, sampler, 2);
    expect(weights.map((weight) => Number(weight.toFixed(6)))).toEqual([1, 2, 0.367879, 0]);
  });

  test("K2: a sequence goes where its geometric mean ratio leaves the band", () => {
    const mask = [0, 1, 1];
    const sampler = [0, -1, -2];
    const shifted = (by: number): number[] => sampler.map((x) => x + by);
    expect(isWithinBand(mask, shifted(0.009), sampler, 0.01)).toBe(true);
    expect(isWithinBand(mask, shifted(0.011), sampler, 0.01)).toBe(false);
    expect(isWithinBand(mask, shifted(-0.011), sampler, 0.01)).toBe(false);
    // What cancels out over the sequence keeps it.
    expect(isWithinBand(mask, [0, -0.5, -2.5], sampler, 0.01)).toBe(true);
    expect(isWithinBand([0, 0, 0], shifted(9), sampler, 0.01)).toBe(true);
  });
});

describe("settings", () => {
  const published = {
    grpo: { clipLow: 0.2, clipHigh: 0.28, aggregation: "token-mean", equalGroups: "drop" },
    "dr-grpo": { clipHigh: 0.2, aggregation: "seq-mean-token-sum-norm", equalGroups: "keep" },
    rloo: { clipLow: 0.2, clipHigh: 0.2 },
    "reinforce-plus-plus": { clipHigh: 0.2, equalGroups: "keep" },
    "reinforce-plus-plus-baseline": { clipHigh: 0.2, equalGroups: "keep" },
    gspo: { clipLow: 3e-4, clipHigh: 4e-4, aggregation: "seq-mean-token-mean" },
    cispo: { clipLow: 1, clipHigh: 5, aggregation: "token-mean" },
    ppo: { clipLow: 0.2, clipHigh: 0.28, equalGroups: "keep", gamma: 1, lambda: 1 },
  };

  test.each(algorithmNames)("S1: choosing %s sets what its paper sets, and leaving it takes that back", (name) => {
    const spark = makeConfig("spark");
    const chosen = withSetting(spark, "learn.algorithm", name);
    expect(chosen.learn).toMatchObject({ ...published[name], algorithm: name });
    expect(makeConfig("spark", { learn: { algorithm: name } })).toEqual(chosen);
    expect(withSetting(chosen, "learn.algorithm", "grpo")).toEqual(spark);
  });
});
