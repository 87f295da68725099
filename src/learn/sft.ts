/**
 * Cold-start supervised fine-tuning (paper, section 2.2): next-token prediction on the tokens of D_CI that the
 * policy is to write; the question and the interpreter's text are read but not learned (mask 0).
 */
import { letMessagesIn } from "../core/pause";
import type { Rng } from "../core/rng";
import type { Policy } from "../policy/policy";
import { supervisedLearningRate } from "./learning-rate";
import { makeBatch, maskedTokens, type TokenSequence } from "./batch";

export interface SupervisedSettings {
  steps: number;
  /** Traces in a step. */
  batch: number;
  /** Reached after the warm-up, then falls linearly to a twentieth. */
  learningRate: number;
}

/**
 * Yields batches of traces: every trace once in a shuffled order, then again in another. Sequences of a batch are
 * drawn at random, so that no step sees only one family.
 */
function* batchesOf<T>(traces: readonly T[], size: number, rng: Rng): Generator<T[], never> {
  for (let epoch = 0; ; epoch++) {
    const order = rng.fold("epoch", epoch).shuffle(traces);
    for (let at = 0; at + size <= order.length || at === 0; at += size) yield order.slice(at, at + size);
  }
}

/**
 * Trains `policy` on verified traces. Calls `onStep` after each step with its mean loss per learned token.
 * Throws a RangeError if there is nothing to learn from.
 */
export async function coldStart(
  policy: Policy,
  traces: readonly TokenSequence[],
  settings: SupervisedSettings,
  padding: number,
  rng: Rng,
  onStep: (step: number, loss: number) => void,
): Promise<void> {
  if (maskedTokens(traces) === 0) throw new RangeError("the cold start has no traces to learn from");
  const batches = batchesOf(traces, settings.batch, rng);
  for (let step = 1; step <= settings.steps; step++) {
    const batch = makeBatch(batches.next().value, padding);
    const { loss } = await policy.update(
      { kind: "supervised", ...batch },
      {
        learningRate: supervisedLearningRate(step, settings.steps, settings.learningRate),
        beta1: 0.9,
        beta2: 0.98,
        epsilon: 1e-8,
        weightDecay: 0.01,
        gradientClip: 1,
      },
    );
    onStep(step, loss);
    await letMessagesIn();
  }
}
