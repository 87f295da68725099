/** What is computed with the model, as programs that either interpreter runs. */
import type { PolicyObjective, PolicyTerms } from "../tensor/ops";
import { policySettings, valueSettings } from "../tensor/ops";
import type { Evaluation, InputSpec, Objective } from "../tensor/program";
import { teacherForced, valuesOf } from "./llama";
import type { LlamaConfig } from "./policy";

const tokens: InputSpec = { type: "int32", size: "tokens" };
const places: InputSpec = { type: "int32", size: "places" };
const perPlace: InputSpec = { type: "float32", size: "places" };

/** A token, or a prediction, that is there only to fill up is a sequence of its own. */
const alone = { padding: "index" } as const;

/** What every teacher-forced pass reads (./packing). */
const sequences = { ids: tokens, first: { ...tokens, ...alone }, positions: tokens, places };

/** Log-probabilities and entropies of the predictions. */
export function scoresProgram(config: LlamaConfig): Evaluation {
  return {
    name: "scores",
    inputs: { ...sequences, targets: places },
    run: (scope) => {
      const { logits } = teacherForced(scope, config);
      const { logprobs, entropies } = scope.ops.tokenLogprob(logits, scope.input("targets"));
      return [logprobs, entropies];
    },
  };
}

/** Log-probabilities, entropies, and the k likeliest tokens [places, 2 k]. */
export function ledgerProgram(config: LlamaConfig, k: number): Evaluation {
  return {
    name: `ledger of ${k}`,
    inputs: { ...sequences, targets: places },
    run: (scope) => {
      const { logits } = teacherForced(scope, config);
      const top = scope.ops.topTokens(logits, k);
      const { logprobs, entropies } = scope.ops.tokenLogprob(logits, scope.input("targets"));
      return [logprobs, entropies, top];
    },
  };
}

/** Logits at the places, in one piece: for checks and analysis. */
export function logitsProgram(config: LlamaConfig): Evaluation {
  return { name: "logits", inputs: sequences, run: (scope) => [teacherForced(scope, config).logits] };
}

/** The critic's values at the places. */
export function valuesProgram(config: LlamaConfig): Evaluation {
  return {
    name: "values",
    inputs: sequences,
    run: (scope) => [valuesOf(scope, teacherForced(scope, config).x)],
  };
}

export function supervisedProgram(config: LlamaConfig): Objective {
  return {
    name: "supervised",
    inputs: { ...sequences, targets: places, weights: perPlace },
    run: (scope) => {
      const { logits } = teacherForced(scope, config);
      const scores = scope.ops.tokenLogprob(logits, scope.input("targets"));
      return [scope.ops.supervisedLoss(scores, scope.input("weights"))];
    },
  };
}

const policyInputs = {
  ...sequences,
  targets: places,
  weights: perPlace,
  old: perPlace,
  advantages: perPlace,
  settings: { type: "float32", size: policySettings.length },
} satisfies Record<string, InputSpec>;

export function policyProgram(config: LlamaConfig, objective: PolicyObjective, critic: boolean): Objective {
  const { ratio, surrogate, reference, entropyBonus } = objective;
  const inputs: Record<string, InputSpec> = { ...policyInputs };
  if (reference) inputs["reference"] = perPlace;
  if (ratio === "sequence")
    Object.assign(inputs, { firstPlace: { ...places, ...alone }, lastPlace: { ...places, ...alone } });
  if (critic) {
    Object.assign(inputs, { oldValues: perPlace, returns: perPlace });
    inputs["valueSettings"] = { type: "float32", size: valueSettings.length };
  }
  return {
    name: ["policy", ratio, surrogate, reference && "reference", entropyBonus && "bonus", critic && "critic"]
      .filter(Boolean)
      .join(", "),
    inputs,
    run: (scope) => {
      const { ops, input } = scope;
      const { x, logits } = teacherForced(scope, config);
      const scores = ops.tokenLogprob(logits, input("targets"));
      type T = typeof x;
      const terms: PolicyTerms<T> = { old: input("old"), advantages: input("advantages"), weights: input("weights") };
      if (reference) terms.reference = input("reference");
      if (ratio === "sequence") [terms.firstPlace, terms.lastPlace] = [input("firstPlace"), input("lastPlace")];
      const losses = [ops.policyLoss(scores, terms, input("settings"), objective)];
      if (critic) {
        const values = { old: input("oldValues"), returns: input("returns"), weights: input("weights") };
        losses.push(ops.valueLoss(valuesOf(scope, x), values, input("valueSettings")));
      }
      return losses;
    },
  };
}
