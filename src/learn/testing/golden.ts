/**
 * Compares advantages, losses and gradients with numbers that PyTorch computed in double precision: any JSON file of
 * the form of e2e/golden/objectives.json, whatever its group sizes, lengths and masks. The advantages are the
 * algorithms' own; the losses run where the caller says.
 */
import * as z from "zod";
import { FaultError } from "../../core/result";
import { type GoldenQuantity, type GoldenReport, largestDifference, quantity } from "../../policy/golden";
import { type PolicyObjective, policySettings, type PolicySettings, policyStatistics } from "../../tensor/ops";
import { floats, integers, lossCase, type Outcome, type RunLoss } from "../../tensor/testing/case";
import type { PerToken } from "../advantage";
import { type Aggregation, tokenWeights } from "../aggregation";
import { algorithms } from "../algorithms";
import { tokenCorrections } from "../correction";
import { learnedPositions, type RewardedTokens } from "../experience";
import { tokenRewards } from "../reward";

const perToken = z.array(z.array(z.number()));
const perEpisode = z.object({ per_episode: z.array(z.number()) });
const whitened = z.object({ per_token: perToken });
const generalised = z.object({ raw: perToken, whitened: perToken, returns: perToken });
const lossOf = z.object({ loss: z.number(), grad_logp_new: perToken });

const form = z.object({
  inputs: z.object({
    G: z.int(),
    T: z.int(),
    mask: perToken,
    reward: z.array(z.number()),
    logp_old: perToken,
    logp_ref: perToken,
    logp_new: perToken,
    value: perToken,
    logp_old_trainer: perToken,
  }),
  advantages: z.record(z.string(), z.union([perEpisode, whitened, generalised])),
  losses: z.record(z.string(), lossOf),
  other: z.object({
    value_loss_clipped: z.object({ value_new: perToken, loss: z.number(), grad_value_new: perToken }),
    diagnostics: z.record(z.string(), z.number()),
  }),
});

type Golden = z.infer<typeof form>;

function parse(json: unknown): Golden {
  const parsed = form.safeParse(json);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new FaultError({
    at: "checkpoint",
    code: "golden",
    message: `The golden file's ${path.join(".") || "content"} is not of the form: ${message}.`,
    hint: "Give a JSON file of the form of e2e/golden/objectives.json.",
  });
}

/** The episodes as algorithms see them. */
function episodesOf({ inputs }: Golden): RewardedTokens[] {
  const { G, mask, reward, logp_old: logprobs, value } = inputs;
  return mask.map((bits, i) => ({
    group: Math.floor(i / G),
    score: reward[i],
    mask: bits,
    rewards: tokenRewards(reward[i], bits, logprobs[i], null, 0),
    values: value[i],
  }));
}

const undiscounted = { gamma: 1, lambda: 1 };

/** Our advantages under the file's name for them; undefined for a name that is not known. */
function advantagesFor(name: string, episodes: RewardedTokens[]): PerToken | undefined {
  const byName = {
    grpo: algorithms.grpo,
    dr_grpo: algorithms["dr-grpo"],
    rloo: algorithms.rloo,
    reinforce_pp: algorithms["reinforce-plus-plus"],
    reinforce_pp_baseline: algorithms["reinforce-plus-plus-baseline"],
  };
  const found = Object.entries(byName).find(([key]) => key === name)?.[1];
  return found?.judge(episodes, undiscounted).advantages;
}

const unknown = (name: string): GoldenQuantity => quantity(name, Infinity, 0, "this name is not known here");

function checkAdvantages(golden: Golden, tolerance: number): GoldenQuantity[] {
  const episodes = episodesOf(golden);
  const difference = (found: PerToken, expected: PerToken): number =>
    largestDifference(
      found.flat(),
      expected.flatMap((list, i) => list.map((x, t) => x * episodes[i].mask[t])),
    );
  const detail = "largest absolute difference";
  return Object.entries(golden.advantages).map(([name, expected]) => {
    const rates = /^gae_gamma([\d.]+)_lambda([\d.]+)$/.exec(name);
    if ("raw" in expected) {
      if (!rates) return unknown(name);
      const settings = { gamma: Number(rates[1]), lambda: Number(rates[2]) };
      const { advantages, returns = [] } = algorithms.ppo.judge(episodes, settings);
      const error = Math.max(difference(advantages, expected.whitened), difference(returns, expected.returns));
      return quantity(`advantage ${name}, returns`, error, tolerance, detail);
    }
    const found = advantagesFor(name, episodes);
    if (!found) return unknown(name);
    const wanted =
      "per_token" in expected
        ? expected.per_token
        : episodes.map(({ mask }, i) => mask.map(() => expected.per_episode[i]));
    return quantity(`advantage ${name}`, difference(found, wanted), tolerance, detail);
  });
}

/** A loss of the file as our settings say it. */
interface LossRecipe {
  algorithm: keyof typeof algorithms;
  aggregation: Aggregation;
  settings?: Partial<PolicySettings>;
  /** Against the trainer's log-probabilities, with capped weights. */
  corrected?: boolean;
  /** Nothing but the distance from the reference. */
  onlyKl?: boolean;
}

const correctionCap = 2;

/** Numbers that the file's formulas name. */
const recipes: Record<string, LossRecipe> = {
  clip_token_mean: { algorithm: "grpo", aggregation: "token-mean" },
  clip_seq_mean_token_mean: { algorithm: "grpo", aggregation: "seq-mean-token-mean" },
  clip_seq_mean_token_sum_norm: { algorithm: "dr-grpo", aggregation: "seq-mean-token-sum-norm" },
  dual_clip_token_mean: { algorithm: "grpo", aggregation: "token-mean", settings: { dualClip: 1.35 } },
  gspo: { algorithm: "gspo", aggregation: "seq-mean-token-mean", settings: { clipLow: 3e-4, clipHigh: 4e-4 } },
  cispo: { algorithm: "cispo", aggregation: "token-mean", settings: { clipLow: 1, clipHigh: 5 } },
  kl_k3: { algorithm: "grpo", aggregation: "token-mean", settings: { klCoefficient: 1 }, onlyKl: true },
  clip_token_mean_tis: { algorithm: "grpo", aggregation: "token-mean", corrected: true },
  ppo_clip_token_mean: { algorithm: "ppo", aggregation: "token-mean" },
};

/** No dual clip where a formula has none. */
const noDualClip = 1e9;
const plainSettings: PolicySettings = {
  clipLow: 0.2,
  clipHigh: 0.28,
  dualClip: noDualClip,
  klCoefficient: 0,
  entropyBonus: 0,
};

const list = (values: number[][]): Float32Array => Float32Array.from(values.flat());

function weightsOf(golden: Golden, aggregation: Aggregation): number[][] {
  const { mask, T } = golden.inputs;
  const each = tokenWeights(
    mask.map((bits) => learnedPositions(bits).length),
    aggregation,
    T,
  );
  return mask.map((bits, i) => bits.map((bit) => bit * each[i]));
}

async function runLoss(golden: Golden, recipe: LossRecipe, run: RunLoss): Promise<Outcome> {
  const { mask, logp_new: logprobs, logp_old: sampler, logp_old_trainer: trainer, logp_ref: reference } = golden.inputs;
  const { algorithm, aggregation, corrected = false, onlyKl = false } = recipe;
  const { ratio, surrogate } = algorithms[algorithm];
  const judged = algorithms[algorithm].judge(episodesOf(golden), undiscounted).advantages;
  const corrections = mask.map((bits, i) => tokenCorrections(bits, trainer[i], sampler[i], correctionCap));
  const advantages = judged.map((one, i) => one.map((a, t) => (onlyKl ? 0 : corrected ? a * corrections[i][t] : a)));
  const n = mask.flat().length;
  const firstOf = mask.flatMap((bits, i) => bits.map(() => mask.slice(0, i).flat().length));
  const settings = { ...plainSettings, ...recipe.settings };
  const objective: PolicyObjective = { ratio, surrogate, reference: onlyKl, entropyBonus: false };
  return run(
    lossCase({
      activations: {
        logprobs: { shape: [n], values: list(logprobs) },
        entropies: { shape: [n], values: new Float32Array(n) },
      },
      size: "places",
      inputs: {
        old: floats("places", list(corrected ? trainer : sampler)),
        advantages: floats("places", list(advantages)),
        weights: floats("places", list(weightsOf(golden, aggregation))),
        reference: floats("places", list(reference)),
        firstPlace: integers("places", firstOf, "index"),
        lastPlace: integers(
          "places",
          mask.flatMap((bits, i) => bits.map(() => mask.slice(0, i + 1).flat().length - 1)),
          "index",
        ),
        settings: floats(
          policySettings.length,
          Float32Array.from(policySettings, (name) => settings[name]),
        ),
      },
      run: ({ ops, parameter, input }) => {
        const places = { firstPlace: input("firstPlace"), lastPlace: input("lastPlace") };
        const terms = { old: input("old"), advantages: input("advantages"), weights: input("weights"), ...places };
        const scores = { logprobs: parameter("logprobs"), entropies: parameter("entropies") };
        return ops.policyLoss(
          scores,
          onlyKl ? { ...terms, reference: input("reference") } : terms,
          input("settings"),
          objective,
        );
      },
    }),
  );
}

const slopes = (outcome: Outcome, name: string): Float32Array => outcome.grads.get(name) ?? new Float32Array();

async function checkLosses(golden: Golden, run: RunLoss, tolerance: number): Promise<GoldenQuantity[]> {
  const quantities: GoldenQuantity[] = [];
  for (const [name, expected] of Object.entries(golden.losses)) {
    const recipe = Object.entries(recipes).find(([key]) => key === name)?.[1];
    if (!recipe) {
      quantities.push(unknown(name));
      continue;
    }
    const outcome = await runLoss(golden, recipe, run);
    const gradient = largestDifference(slopes(outcome, "logprobs"), expected.grad_logp_new.flat());
    const error = Math.max(Math.abs(outcome.value[0] - expected.loss), gradient);
    quantities.push(quantity(`loss ${name}, gradient`, error, tolerance, "largest absolute difference"));
    if (name === "clip_token_mean") quantities.push(...diagnostics(golden, outcome, tolerance));
  }
  return quantities;
}

/** What the first loss reports beside its value. */
function diagnostics({ other }: Golden, { value }: Outcome, tolerance: number): GoldenQuantity[] {
  const names = {
    approx_kl_k3: "approximateKl",
    clip_fraction_low: "clipFractionLow",
    clip_fraction_high: "clipFractionHigh",
  } as const;
  return Object.entries(names).map(([name, ours]) => {
    const error = Math.abs(value[policyStatistics.indexOf(ours)] - other.diagnostics[name]);
    return quantity(`diagnostic ${name}`, error, tolerance, "absolute difference");
  });
}

async function checkValueLoss(golden: Golden, run: RunLoss, tolerance: number): Promise<GoldenQuantity> {
  const { value_new: values, loss, grad_value_new: gradient } = golden.other.value_loss_clipped;
  const { returns = [] } = algorithms.ppo.judge(episodesOf(golden), undiscounted);
  const n = values.flat().length;
  const outcome = await run(
    lossCase({
      activations: { values: { shape: [n, 1], values: list(values) } },
      size: "places",
      inputs: {
        old: floats("places", list(golden.inputs.value)),
        returns: floats("places", list(returns)),
        weights: floats("places", list(weightsOf(golden, "token-mean"))),
        settings: floats(2, Float32Array.of(0.2, 1)),
      },
      run: ({ ops, parameter, input }) => {
        const terms = { old: input("old"), returns: input("returns"), weights: input("weights") };
        return ops.valueLoss(parameter("values"), terms, input("settings"));
      },
    }),
  );
  const error = Math.max(
    Math.abs(outcome.value[0] - loss),
    largestDifference(slopes(outcome, "values"), gradient.flat()),
  );
  return quantity("loss value_loss_clipped, gradient", error, tolerance, "largest absolute difference");
}

/**
 * Every comparison that the file holds.
 *
 * @param run computes a loss and its gradients where it is to be compared
 * @throws FaultError at "checkpoint" where the file is not of the form
 */
export async function checkObjectives(run: RunLoss, json: unknown, tolerance: number): Promise<GoldenReport> {
  const golden = parse(json);
  const quantities = [
    ...checkAdvantages(golden, 1e-6),
    ...(await checkLosses(golden, run, tolerance)),
    await checkValueLoss(golden, run, tolerance),
  ];
  return { quantities, passed: quantities.every(({ passed }) => passed) };
}
