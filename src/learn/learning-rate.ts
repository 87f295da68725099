/** Learning rates over a run, as pure functions of the step (counted from 1). */

/** Steps over which supervised fine-tuning's rate rises from 0. */
const warmUp = 50;

/** Supervised fine-tuning: linear warm-up, then linear decay to a twentieth. */
export function supervisedLearningRate(step: number, steps: number, peak: number): number {
  return peak * Math.min(1, step / warmUp) * Math.max(0.05, 1 - step / steps);
}

/** RL: from `first` at step 1 in a line to `first * finalShare` at the last step, and level after it. */
export function policyLearningRate(step: number, steps: number, first: number, finalShare: number): number {
  const done = steps > 1 ? Math.min(1, (step - 1) / (steps - 1)) : 0;
  return first * (1 - (1 - finalShare) * done);
}
