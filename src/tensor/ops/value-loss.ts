/**
 * The critic's clipped squared error (method, section 4), summed with the caller's weights.
 *
 * With v the new value, o the old and R the return: l = 0.5 max((v - R)^2, (clip(v, o - valueClip, o + valueClip) - R)^2);
 * loss = valueCoefficient sum w l. Gradient: dl/dv = v - R where the first term decides or v is not clipped, else 0.
 * Statistics: the loss; its share of clipped tokens; sum w (v - R)^2. All handles [n], but for values [n, 1].
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import { type Loss, valueSettings, valueStatistics, type ValueTerms } from "../ops";
import { gridFor, perThing } from "../plan/kernel";
import type { Recorder } from "../plan/recorder";
import { recordStatistics } from "../plan/statistics";
import { type PlanTensor, settled, sizeIndex } from "../plan/tensor";

export function valueLoss(
  values: tf.Tensor,
  { old, returns, weights }: ValueTerms<tf.Tensor>,
  settings: tf.Tensor,
): Loss<tf.Tensor> {
  const [valueClip, coefficient] = tf.unstack(settings);
  const v = tf.reshape(values, [old.shape[0] ?? 0]);
  const near = tf.minimum(tf.maximum(v, tf.sub(old, valueClip)), tf.add(old, valueClip));
  const free = tf.square(tf.sub(v, returns));
  const clipped = tf.square(tf.sub(near, returns));
  const cut = tf.cast(tf.greater(clipped, free), "float32");
  const total = (each: tf.Tensor): tf.Tensor => tf.sum(tf.mul(weights, each));
  const value = tf.mul(tf.mul(coefficient, 0.5), total(tf.maximum(free, clipped)));
  const loss = withGradient(
    [values],
    () => {
      const slope = tf.mul(tf.mul(coefficient, weights), tf.mul(tf.sub(v, returns), tf.sub(1, cut)));
      return { value: tf.clone(value), saved: [slope] };
    },
    (dy, [slope]) => [tf.reshape(tf.mul(dy, slope), values.shape)],
  );
  return { loss, statistics: tf.stack([value, total(cut), total(free)]) };
}

// On a plan.

const setting = (name: (typeof valueSettings)[number]): string => `settings[${valueSettings.indexOf(name)}u]`;

const tokenKernel = perThing({
  name: "valueLoss",
  reads: { values: "f32", old: "f32", returns: "f32", weights: "f32", settings: "f32" },
  writes: { slopes: "f32", terms: "f32" },
  constants: { rows: "u32" },
  count: "size(constants.rows)",
  body: `  let v = values[i];
  let error = v - returns[i];
  let near = clamp(v, old[i] - ${setting("valueClip")}, old[i] + ${setting("valueClip")}) - returns[i];
  let cut = near * near > error * error;
  slopes[i] = select(${setting("valueCoefficient")} * weights[i] * error, 0.0, cut);
  let at = i * ${valueStatistics.length}u;
  terms[at] = 0.5 * ${setting("valueCoefficient")} * weights[i] * max(error * error, near * near);
  terms[at + 1u] = select(0.0, weights[i], cut);
  terms[at + 2u] = weights[i] * error * error;`,
});

export function recordValueLoss(
  plan: Recorder,
  values: PlanTensor,
  { old, returns, weights }: ValueTerms<PlanTensor>,
  settings: PlanTensor,
): Loss<PlanTensor> {
  const slopes = plan.make("slopes of values", settled(values).rows, 1);
  const terms = plan.make("terms of values", values.rows, valueStatistics.length);
  const bindings = { values, old, returns, weights, settings, slopes, terms };
  plan.dispatch(tokenKernel, bindings, { rows: sizeIndex(values) }, (sizes) => gridFor(plan.countOf(values, sizes)));
  plan.passGradient(values, slopes);
  const statistics = recordStatistics(plan, terms, 0);
  return { loss: statistics, statistics };
}
