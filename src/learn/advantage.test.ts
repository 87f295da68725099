/** Advantages against PyTorch's numbers, and against the definitions written as slow, obvious loops. */
import { readFileSync } from "node:fs";
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { lossEagerly } from "../tensor/testing/eager";
import { algorithms } from "./algorithms";
import { explainedVariance } from "./advantage";
import { learnedPositions, type RewardedTokens } from "./experience";
import { checkObjectives } from "./testing/golden";

const golden: unknown = JSON.parse(readFileSync("e2e/golden/objectives.json", "utf8"));

describe("PyTorch's numbers", async () => {
  const { quantities } = await checkObjectives(lossEagerly("cpu"), golden, 1e-6);
  const failed = (kind: RegExp) => quantities.filter(({ name, passed }) => kind.test(name) && !passed);

  test("all that the file holds is compared", () => {
    expect(quantities.map(({ name }) => name).filter((name) => /^(advantage|loss) /.test(name))).toHaveLength(17);
  });

  test("A1, A2, A3, A4, A5, A6, A7: are the advantages'", () => expect(failed(/^advantage/)).toEqual([]));

  test("O1, O2, O3, O4, O5, O6, C1, K1: are the losses' and the gradients'", () => {
    expect(failed(/^(loss|diagnostic)/)).toEqual([]);
  });

  test("a file that is not of the form is refused by the name of what is wrong", async () => {
    const broken = { ...(golden as object), inputs: { G: 4 } };
    await expect(checkObjectives(lossEagerly("cpu"), broken, 1e-6)).rejects.toThrow("inputs.T");
  });
});

const number = fc.double({ min: -2, max: 2, noNaN: true });

/** Episodes in groups of four, with rewards on every token, and values. */
const batches = fc
  .array(
    fc.record({
      tokens: fc.array(fc.tuple(fc.constantFrom(0, 1), number, number), { minLength: 1, maxLength: 12 }),
      outcome: fc.constantFrom(-1, 1),
    }),
    { minLength: 4, maxLength: 12 },
  )
  .map((drawn) =>
    drawn.map(({ tokens, outcome }, i): RewardedTokens => {
      const mask = tokens.map(([bit]) => bit);
      return {
        group: Math.floor(i / 4),
        score: outcome,
        mask,
        rewards: tokens.map(([bit, reward]) => bit * reward),
        values: tokens.map(([, , value]) => value),
      };
    }),
  );

const rates = fc.record({
  gamma: fc.double({ min: 0, max: 1, noNaN: true }),
  lambda: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** GAE by its sum: A_k = sum over j >= k of (gamma lambda)^(j - k) d_j, on the compressed sequence. */
function advantagesBySums({ mask, rewards, values }: RewardedTokens, gamma: number, lambda: number): number[] {
  const at = learnedPositions(mask);
  const delta = at.map(
    (t, k) => rewards[t] + (k + 1 < at.length ? gamma * (values?.[at[k + 1]] ?? 0) : 0) - (values?.[t] ?? 0),
  );
  const advantages = mask.map(() => 0);
  at.forEach((t, k) => {
    for (let j = k; j < at.length; j++) advantages[t] += (gamma * lambda) ** (j - k) * delta[j];
  });
  return advantages;
}

describe("advantages", () => {
  property.prop([batches, rates])(
    "A6, C1: generalised advantages are the discounted sum of what surprises",
    (episodes, settings) => {
      const { returns = [] } = algorithms.ppo.judge(episodes, settings);
      episodes.forEach((episode, i) => {
        const raw = advantagesBySums(episode, settings.gamma, settings.lambda);
        episode.mask.forEach((bit, t) => {
          expect(returns[i][t]).toBeCloseTo(bit * (raw[t] + (episode.values?.[t] ?? 0)), 9);
        });
      });
    },
  );

  property.prop([batches, rates])(
    "A6: interpreter text between the policy's tokens changes nothing",
    (episodes, settings) => {
      const closed = episodes.map((episode): RewardedTokens => {
        const at = learnedPositions(episode.mask);
        const only = (list: readonly number[]): number[] => at.map((t) => list[t]);
        return {
          ...episode,
          mask: at.map(() => 1),
          rewards: only(episode.rewards),
          values: only(episode.values ?? []),
        };
      });
      const [spread, dense] = [algorithms.ppo.judge(episodes, settings), algorithms.ppo.judge(closed, settings)];
      episodes.forEach(({ mask }, i) => {
        learnedPositions(mask).forEach((t, k) => {
          expect(spread.advantages[i][t]).toBeCloseTo(dense.advantages[i][k], 9);
        });
      });
    },
  );

  property.prop([batches, rates])("A4, A7: REINFORCE++ whitens the return to go", (episodes, settings) => {
    const { advantages } = algorithms["reinforce-plus-plus"].judge(episodes, settings);
    const returns = episodes.flatMap(({ mask, rewards }) => {
      const at = learnedPositions(mask);
      return at.map((_, k) => at.slice(k).reduce((sum, t, j) => sum + settings.gamma ** j * rewards[t], 0));
    });
    const found = episodes.flatMap(({ mask }, i) => learnedPositions(mask).map((t) => advantages[i][t]));
    const mean = returns.reduce((sum, x) => sum + x, 0) / Math.max(1, returns.length);
    const variance = returns.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, returns.length - 1);
    found.forEach((advantage, i) => {
      expect(advantage).toBeCloseTo((returns[i] - mean) / Math.sqrt(variance + 1e-8), 6);
    });
  });

  property.prop([batches])("A1, A2, A3: within a group they sum to 0, and equal rewards give 0", (episodes) => {
    const whole = episodes.map((episode): RewardedTokens => ({ ...episode, mask: [1], rewards: [0], values: null }));
    for (const name of ["grpo", "dr-grpo", "rloo", "gspo", "cispo"] as const) {
      const { advantages } = algorithms[name].judge(whole, { gamma: 1, lambda: 1 });
      for (let from = 0; from < whole.length; from += 4) {
        const scores = whole.slice(from, from + 4).map(({ score }) => score);
        const group = advantages.slice(from, from + 4).map(([advantage]) => advantage);
        expect(group.reduce((sum, a) => sum + a, 0)).toBeCloseTo(0, 9);
        const mixed = new Set(scores).size > 1;
        expect(group.map(Math.sign)).toEqual(scores.map((score) => (mixed ? score : 0)));
      }
    }
  });

  property.prop([batches, rates])("M1: no algorithm reads a token that is not learned from", (episodes, settings) => {
    const spoiled = episodes.map((episode): RewardedTokens => {
      const spoil = (list: readonly number[]): number[] => list.map((x, t) => (episode.mask[t] === 1 ? x : 1e6 + t));
      return { ...episode, rewards: spoil(episode.rewards), values: spoil(episode.values ?? []) };
    });
    for (const algorithm of Object.values(algorithms)) {
      expect(algorithm.judge(spoiled, settings)).toEqual(algorithm.judge(episodes, settings));
    }
  });
});

test("C3: explained variance is 1 of a critic that knows, 0 of one that says a constant, below 0 of a worse one", () => {
  const returns = [[1, -1, 0.5]];
  const judged = (values: number[]): number =>
    explainedVariance([{ group: 0, score: 1, mask: [1, 1, 1], rewards: [0, 0, 1], values }], returns);
  expect(judged([1, -1, 0.5])).toBe(1);
  expect(judged([0.3, 0.3, 0.3])).toBeCloseTo(0, 12);
  expect(judged([-1, 1, -0.5])).toBeLessThan(0);
});
