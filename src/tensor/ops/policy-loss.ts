/**
 * The policy objective (method, section 4), summed over tokens with the caller's weights.
 *
 * With d = logprob - old and, for the token's ratio, r = exp(d); for the sequence's (GSPO), r = exp(mean of d over the
 * sequence's counted tokens). Per token, as `surrogate` says:
 *   clip:  l = max(-A r, -A clip(r, 1 - clipLow, 1 + clipHigh)), and for A < 0: min(l, -A dualClip)
 *   cispo: l = -c A logprob, with c = clip(r, 1 - clipLow, 1 + clipHigh) held constant
 * loss = sum w (l + klCoefficient k - entropyBonus H), where k = exp(e) - 1 - e with e = reference - logprob (k3).
 * Gradients: of clip, dl/dd = -A r where the unclipped term decides, else 0; of cispo, dl/dlogprob = -c A; of k,
 * 1 - exp(e). A sequence's ratio hands each of its tokens the sequence's mean slope.
 *
 * Statistics, sums with w too: both clip fractions (the clipped term decides), r - 1 - d with the token's own ratio
 * (k3 of the old policy), entropy, k; and the largest |d| where w > 0. All handles [n].
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import type { Loss, PolicyObjective, PolicyTerms, TokenScores } from "../ops";

export function policyLoss(
  { logprobs, entropies }: TokenScores<tf.Tensor>,
  terms: PolicyTerms<tf.Tensor>,
  settings: tf.Tensor,
  objective: PolicyObjective,
): Loss<tf.Tensor> {
  const { old, weights, reference } = terms;
  const [clipLow, clipHigh, dualClip, klCoefficient, entropyBonus] = tf.unstack(settings);
  // Where nothing counts, nothing may overflow either.
  const counted = tf.cast(tf.greater(weights, 0), "float32");
  const d = tf.mul(tf.sub(logprobs, old), counted);
  const own = tf.exp(d);
  const clip = { clipLow, clipHigh, dualClip };
  const surrogate = objective.surrogate === "clip" ? clippedRatio : constantRatio;
  const { ratio, spread } = ratioOf(d, counted, terms, objective);
  const parts = surrogate(ratio, logprobs, terms.advantages, clip);
  const e = reference ? tf.mul(tf.sub(reference, logprobs), counted) : tf.zerosLike(d);
  const divergence = tf.sub(tf.sub(tf.exp(e), 1), e);
  const total = (values: tf.Tensor): tf.Tensor => tf.sum(tf.mul(weights, values));
  const value = tf.sub(
    tf.add(total(parts.loss), tf.mul(klCoefficient, total(divergence))),
    tf.mul(entropyBonus, total(entropies)),
  );
  const statistics = tf.stack([
    value,
    total(parts.tooLow),
    total(parts.tooHigh),
    total(tf.sub(tf.sub(own, 1), d)),
    total(entropies),
    total(divergence),
    tf.max(tf.abs(d)),
  ]);
  const loss = withGradient(
    objective.entropyBonus ? [logprobs, entropies] : [logprobs],
    () => {
      const pull = tf.mul(klCoefficient, tf.sub(1, tf.exp(e)));
      const slope = tf.add(spread(tf.mul(weights, parts.slope)), tf.mul(weights, pull));
      return { value: tf.clone(value), saved: [slope, tf.mul(entropyBonus, weights)] };
    },
    (dy, [slope, bonus]) => [tf.mul(dy, slope), tf.neg(tf.mul(dy, bonus))].slice(0, objective.entropyBonus ? 2 : 1),
  );
  return { loss, statistics };
}

interface Ratio {
  ratio: tf.Tensor;
  /** Turns slopes with respect to each ratio's logarithm into slopes with respect to each d. */
  spread: (slopes: tf.Tensor) => tf.Tensor;
}

function ratioOf(d: tf.Tensor, counted: tf.Tensor, terms: PolicyTerms<tf.Tensor>, objective: PolicyObjective): Ratio {
  if (objective.ratio === "token") return { ratio: tf.exp(d), spread: (slopes) => slopes };
  const { firstPlace } = terms;
  if (!firstPlace) throw new RangeError("A sequence's ratio needs the place of its first prediction.");
  const [n] = d.shape;
  const place = tf.cast(firstPlace, "float32");
  const same = tf.cast(tf.equal(tf.reshape(place, [n, 1]), tf.reshape(place, [1, n])), "float32");
  const sums = (values: tf.Tensor): tf.Tensor => tf.reshape(tf.matMul(same, tf.reshape(values, [n, 1])), [n]);
  const length = tf.maximum(sums(counted), 1);
  return {
    ratio: tf.exp(tf.div(sums(d), length)),
    spread: (slopes) => tf.mul(counted, tf.div(sums(slopes), length)),
  };
}

interface Clip {
  clipLow: tf.Tensor;
  clipHigh: tf.Tensor;
  dualClip: tf.Tensor;
}

/** Per token: the loss, its slope, and whether the clip decided it. */
interface Surrogate {
  loss: tf.Tensor;
  slope: tf.Tensor;
  tooLow: tf.Tensor;
  tooHigh: tf.Tensor;
}

function bounded(r: tf.Tensor, { clipLow, clipHigh }: Clip): tf.Tensor {
  return tf.minimum(tf.maximum(r, tf.sub(1, clipLow)), tf.add(1, clipHigh));
}

function clippedRatio(r: tf.Tensor, _: tf.Tensor, a: tf.Tensor, clip: Clip): Surrogate {
  const negative = tf.less(a, 0);
  const tooLow = tf.logicalAnd(tf.less(r, tf.sub(1, clip.clipLow)), negative);
  const tooHigh = tf.logicalAnd(tf.greater(r, tf.add(1, clip.clipHigh)), tf.greater(a, 0));
  const tooFar = tf.logicalAnd(tf.greater(r, clip.dualClip), negative);
  const free = tf.logicalNot(tf.logicalOr(tf.logicalOr(tooLow, tooHigh), tooFar));
  const pessimistic = tf.maximum(tf.mul(tf.neg(a), r), tf.mul(tf.neg(a), bounded(r, clip)));
  return {
    loss: tf.where(negative, tf.minimum(pessimistic, tf.neg(tf.mul(a, clip.dualClip))), pessimistic),
    slope: tf.mul(tf.mul(tf.neg(a), r), tf.cast(free, "float32")),
    tooLow: tf.cast(tooLow, "float32"),
    tooHigh: tf.cast(tooHigh, "float32"),
  };
}

function constantRatio(r: tf.Tensor, logprobs: tf.Tensor, a: tf.Tensor, clip: Clip): Surrogate {
  const slope = tf.mul(tf.neg(a), bounded(r, clip));
  return {
    loss: tf.mul(slope, logprobs),
    slope,
    tooLow: tf.cast(tf.less(r, tf.sub(1, clip.clipLow)), "float32"),
    tooHigh: tf.cast(tf.greater(r, tf.add(1, clip.clipHigh)), "float32"),
  };
}

/** Supervised fine-tuning's loss, sum of -w logprob; of the statistics only its value and the entropy say something. */
export function supervisedLoss({ logprobs, entropies }: TokenScores<tf.Tensor>, weights: tf.Tensor): Loss<tf.Tensor> {
  const value = tf.neg(tf.sum(tf.mul(weights, logprobs)));
  const none = tf.scalar(0);
  const statistics = tf.stack([value, none, none, none, tf.sum(tf.mul(weights, entropies)), none, none]);
  const loss = withGradient(
    [logprobs],
    () => ({ value: tf.clone(value), saved: [weights] }),
    (dy, [weights]) => [tf.mul(tf.neg(dy), weights)],
  );
  return { loss, statistics };
}
