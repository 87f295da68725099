import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeRng } from "../../core/rng";
import type { PolicyObjective, PolicySettings } from "../ops";
import { policySettings } from "../ops";
import { type CaseInput, distance, floats, integers, lossCase } from "../testing/case";
import { lossRunners } from "../testing/op";

interface Draw {
  logprobs: Float32Array;
  entropies: Float32Array;
  inputs: Record<string, CaseInput>;
}

/** Tokens of several sequences, some of which count nothing, with ratios on all sides of every clip. */
function draw(n: number, seed: number, settings: PolicySettings): Draw {
  const rng = makeRng(seed);
  const list = (of: () => number): Float32Array => Float32Array.from({ length: n }, of);
  const logprobs = list(() => -3 * rng.float());
  const firstPlace = new Int32Array(n);
  for (let i = 1; i < n; i++) firstPlace[i] = rng.float() < 0.2 ? i : firstPlace[i - 1];
  const lastPlace = firstPlace.map((_, i) => {
    let last = i;
    while (last + 1 < n && firstPlace[last + 1] === firstPlace[i]) last++;
    return last;
  });
  return {
    logprobs,
    entropies: list(() => 2 * rng.float()),
    inputs: {
      old: floats(
        "places",
        logprobs.map((logprob) => logprob + 1.5 * (rng.float() - 0.5) - 0.3),
      ),
      advantages: floats(
        "places",
        list(() => 4 * rng.float() - 2),
      ),
      weights: floats(
        "places",
        list(() => (rng.float() < 0.2 ? 0 : 0.1 + 0.1 * rng.float())),
      ),
      reference: floats(
        "places",
        logprobs.map((logprob) => logprob + rng.float() - 0.5),
      ),
      firstPlace: integers("places", firstPlace, "index"),
      lastPlace: integers("places", lastPlace, "index"),
      settings: floats(
        policySettings.length,
        Float32Array.from(policySettings, (name) => settings[name]),
      ),
    },
  };
}

/** The definition, token by token, in double precision: the loss of given log-probabilities and entropies. */
function lossByHand(
  { inputs }: Draw,
  logprobs: number[],
  entropies: number[],
  objective: PolicyObjective,
  s: PolicySettings,
) {
  const [old, advantages, weights, reference] = ["old", "advantages", "weights", "reference"].map(
    (name) => inputs[name].values,
  );
  const firstPlace = inputs["firstPlace"].values;
  const counted = (i: number): boolean => weights[i] > 0;
  const d = (i: number): number => (counted(i) ? logprobs[i] - old[i] : 0);
  const sum = { loss: 0, low: 0, high: 0, k3: 0, entropy: 0, reference: 0, gap: 0 };
  logprobs.forEach((logprob, i) => {
    const members = Array.from(logprobs.keys()).filter((j) => firstPlace[j] === firstPlace[i]);
    const mean = members.reduce((total, j) => total + d(j), 0) / Math.max(1, members.filter(counted).length);
    const r = Math.exp(objective.ratio === "token" ? d(i) : mean);
    const a = advantages[i];
    const clipped = Math.min(Math.max(r, 1 - s.clipLow), 1 + s.clipHigh);
    let own = objective.surrogate === "clip" ? Math.max(-a * r, -a * clipped) : -clipped * a * logprob;
    if (objective.surrogate === "clip" && a < 0) own = Math.min(own, -a * s.dualClip);
    const isLow = r < 1 - s.clipLow && (objective.surrogate === "cispo" || a < 0);
    const isHigh = r > 1 + s.clipHigh && (objective.surrogate === "cispo" || a > 0);
    const e = objective.reference && counted(i) ? reference[i] - logprob : 0;
    const k = Math.exp(e) - 1 - e;
    sum.loss += weights[i] * (own + s.klCoefficient * k - s.entropyBonus * entropies[i]);
    sum.low += isLow ? weights[i] : 0;
    sum.high += isHigh ? weights[i] : 0;
    sum.k3 += weights[i] * (Math.exp(d(i)) - 1 - d(i));
    sum.entropy += weights[i] * entropies[i];
    sum.reference += weights[i] * k;
    sum.gap = Math.max(sum.gap, Math.abs(d(i)));
  });
  return [sum.loss, sum.low, sum.high, sum.k3, sum.entropy, sum.reference, sum.gap];
}

/**
 * Central differences of the definition. The cispo weight is a constant, so there the surrogate is differentiated by
 * its formula.
 */
function gradientsByHand(subject: Draw, objective: PolicyObjective, s: PolicySettings) {
  const logprobs = Array.from(subject.logprobs);
  const entropies = Array.from(subject.entropies);
  const step = 1e-6;
  const slope = (at: number, list: number[], of: (moved: number[]) => number): number => {
    const moved = (delta: number): number[] => list.map((value, i) => (i === at ? value + delta : value));
    return (of(moved(step)) - of(moved(-step))) / (2 * step);
  };
  const constant = logprobs.map((logprob, i) => {
    const { weights, old } = subject.inputs;
    const r = weights.values[i] > 0 ? Math.exp(logprob - old.values[i]) : 1;
    return Math.min(Math.max(r, 1 - s.clipLow), 1 + s.clipHigh);
  });
  const loss = (logprobs: number[], entropies: number[]): number => {
    const [whole] = lossByHand(subject, logprobs, entropies, objective, s);
    if (objective.surrogate === "clip") return whole;
    // Take the surrogate out, and put it in with its weight held.
    return logprobs.reduce((total, logprob, i) => {
      const { weights, advantages, old } = subject.inputs;
      const r = weights.values[i] > 0 ? Math.exp(logprob - old.values[i]) : 1;
      const moving = Math.min(Math.max(r, 1 - s.clipLow), 1 + s.clipHigh);
      return total + weights.values[i] * advantages.values[i] * logprob * (moving - constant[i]);
    }, whole);
  };
  return {
    logprobs: Float32Array.from(logprobs, (_, i) => slope(i, logprobs, (moved) => loss(moved, entropies))),
    entropies: Float32Array.from(entropies, (_, i) => slope(i, entropies, (moved) => loss(logprobs, moved))),
  };
}

const plain = { klCoefficient: 0, entropyBonus: 0 };
const cases: [string, PolicyObjective, PolicySettings][] = [
  [
    "the clipped ratio with dual clip",
    { ratio: "token", surrogate: "clip", reference: false, entropyBonus: false },
    { clipLow: 0.2, clipHigh: 0.28, dualClip: 1.4, ...plain },
  ],
  [
    "a sequence's ratio (GSPO)",
    { ratio: "sequence", surrogate: "clip", reference: false, entropyBonus: false },
    { clipLow: 0.05, clipHigh: 0.05, dualClip: 10, ...plain },
  ],
  [
    "a constant ratio (CISPO)",
    { ratio: "token", surrogate: "cispo", reference: false, entropyBonus: false },
    { clipLow: 0.3, clipHigh: 0.2, dualClip: 10, ...plain },
  ],
  [
    "a reference policy and an entropy bonus",
    { ratio: "token", surrogate: "clip", reference: true, entropyBonus: true },
    { clipLow: 0.2, clipHigh: 0.28, dualClip: 10, klCoefficient: 0.3, entropyBonus: 0.02 },
  ],
];

describe.each(Object.entries(lossRunners))("the policy loss on %s", (_, run) => {
  test.each(cases)(
    "O1, O2, O3, O4, O6, O7: with %s, values, statistics and gradients are those of the definition",
    async (_, objective, s) => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.nat(1000), async (n, seed) => {
          const subject = draw(n, seed, s);
          const shape = [n];
          const { value, grads } = await run(
            lossCase({
              activations: {
                logprobs: { shape, values: subject.logprobs },
                entropies: { shape, values: subject.entropies },
              },
              size: "places",
              inputs: subject.inputs,
              run: ({ ops, parameter, input }) => {
                const terms = {
                  old: input("old"),
                  advantages: input("advantages"),
                  weights: input("weights"),
                  firstPlace: input("firstPlace"),
                  lastPlace: input("lastPlace"),
                  ...(objective.reference && { reference: input("reference") }),
                };
                const scores = { logprobs: parameter("logprobs"), entropies: parameter("entropies") };
                return ops.policyLoss(scores, terms, input("settings"), objective);
              },
            }),
          );
          const [logprobs, entropies] = [Array.from(subject.logprobs), Array.from(subject.entropies)];
          const expected = Float32Array.from(lossByHand(subject, logprobs, entropies, objective, s));
          expect(distance(value, expected)).toBeLessThan(1e-5);
          const slopes = gradientsByHand(subject, objective, s);
          expect(distance(grads.get("logprobs") ?? new Float32Array(), slopes.logprobs)).toBeLessThan(1e-4);
          expect(distance(grads.get("entropies") ?? new Float32Array(), slopes.entropies)).toBeLessThan(1e-4);
        }),
        { numRuns: 12 },
      );
    },
  );

  test("the draws reach every branch, or the comparison would prove less than it says", async () => {
    const [, objective, s] = cases[0];
    const subject = draw(400, 1, s);
    const [, low, high] = lossByHand(
      subject,
      Array.from(subject.logprobs),
      Array.from(subject.entropies),
      objective,
      s,
    );
    expect(Math.min(low, high)).toBeGreaterThan(0);
    const [weights, advantages, old] = ["weights", "advantages", "old"].map((name) => subject.inputs[name].values);
    const beyond = subject.logprobs.some(
      (logprob, i) => weights[i] > 0 && advantages[i] < 0 && logprob - old[i] > Math.log(1.4),
    );
    expect(beyond).toBe(true);
  });

  test("supervised fine-tuning sums the weighted log-likelihood", async () => {
    const subject = draw(20, 3, cases[0][2]);
    const { value, grads } = await run(
      lossCase({
        activations: {
          logprobs: { shape: [20], values: subject.logprobs },
          entropies: { shape: [20], values: subject.entropies },
        },
        size: "places",
        inputs: { weights: subject.inputs["weights"] },
        run: ({ ops, parameter, input }) =>
          ops.supervisedLoss({ logprobs: parameter("logprobs"), entropies: parameter("entropies") }, input("weights")),
      }),
    );
    const weights = Array.from(subject.inputs["weights"].values);
    expect(value[0]).toBeCloseTo(-weights.reduce((sum, w, i) => sum + w * subject.logprobs[i], 0), 5);
    expect(value[4]).toBeCloseTo(
      weights.reduce((sum, w, i) => sum + w * subject.entropies[i], 0),
      5,
    );
    expect(grads.get("logprobs")).toEqual(Float32Array.from(weights, (w) => -w));
    expect(grads.get("entropies")).toEqual(new Float32Array(20));
  });
});
