/**
 * Cold-start supervised fine-tuning (paper, section 2.2): next-token prediction on the tokens of D_CI that the
 * policy is to write; the question and the interpreter's text are read but not learned (mask 0).
 */
import { letMessagesIn } from "../core/pause";
import { type Fault, FaultError } from "../core/result";
import type { Rng } from "../core/rng";
import type { Policy } from "../policy/policy";
import { supervisedLearningRate } from "./learning-rate";
import { makeBatch, maskedTokens, type TokenSequence } from "./batch";

export interface SupervisedSettings {
  steps: number;
  /** Times that each trace is seen, in place of `steps`; 0 takes the steps. The paper: 2. */
  epochs: number;
  /** Traces in a step. */
  batch: number;
  /** Reached after the warm-up, then falls linearly to a twentieth. */
  learningRate: number;
}

const noTraces: Fault = {
  at: "config",
  code: "traces",
  message: "The cold start has no traces to learn from: every one was dropped.",
  hint: "The Traces view says why each was dropped; most often rollout.maxTokens or rollout.maxSnippets is too small.",
};

/** Steps that the settings ask for with so many traces. */
export function supervisedSteps({ steps, epochs, batch }: SupervisedSettings, traces: number): number {
  return epochs > 0 ? Math.max(1, Math.round((epochs * traces) / batch)) : steps;
}

/** Mean loss per learned token of traces that are not learned from, in nats. Throws a RangeError for none. */
export async function heldOutLoss(
  policy: Policy,
  traces: readonly TokenSequence[],
  batch: number,
  padding: number,
): Promise<number> {
  const tokens = maskedTokens(traces);
  if (tokens === 0) throw new RangeError("there are no held-out traces to measure on");
  let loss = 0;
  for (let at = 0; at < traces.length; at += batch) {
    const some = traces.slice(at, at + batch);
    const { weights, ...sequences } = makeBatch(some, padding);
    const logprobs = await policy.logprobs(sequences); // [rows, length - 1]
    const share = maskedTokens(some) / tokens;
    loss -= share * logprobs.reduce((sum, logprob, i) => sum + logprob * weights[i], 0);
    await letMessagesIn();
  }
  return loss;
}

/**
 * Yields full batches of traces in a shuffled order, then again in another, drawn at random, so that no step sees only
 * one family. Fewer traces at an epoch's end than fill a batch are left out of that epoch; which ones, chance decides.
 */
function* batchesOf<T>(traces: readonly T[], size: number, rng: Rng): Generator<T[], never> {
  for (let epoch = 0; ; epoch++) {
    const order = rng.fold("epoch", epoch).shuffle(traces);
    for (let at = 0; at + size <= order.length || at === 0; at += size) yield order.slice(at, at + size);
  }
}

/**
 * Trains `policy` on verified traces. Awaits `onStep` after each step with its mean loss per learned token.
 * Throws a FaultError if there is nothing to learn from.
 */
export async function coldStart(
  policy: Policy,
  traces: readonly TokenSequence[],
  settings: SupervisedSettings,
  padding: number,
  rng: Rng,
  onStep: (step: number, loss: number) => void | Promise<void>,
): Promise<void> {
  if (maskedTokens(traces) === 0) throw new FaultError(noTraces);
  const batches = batchesOf(traces, settings.batch, rng);
  const steps = supervisedSteps(settings, traces.length);
  for (let step = 1; step <= steps; step++) {
    const batch = makeBatch(batches.next().value, padding);
    const { loss } = await policy.update(
      { kind: "supervised", ...batch },
      {
        learningRate: supervisedLearningRate(step, steps, settings.learningRate),
        beta1: 0.9,
        beta2: 0.98,
        epsilon: 1e-8,
        weightDecay: 0.01,
        gradientClip: 1,
      },
    );
    await onStep(step, loss);
    await letMessagesIn();
  }
}
