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
import { type Loss, type PolicyObjective, policySettings, policyStatistics, type PolicyTerms } from "../ops";
import type { TokenScores } from "../ops";
import { gridFor, type Kernel, perThing } from "../plan/kernel";
import type { Recorder } from "../plan/recorder";
import { recordStatistics } from "../plan/statistics";
import { type PlanTensor, sizeIndex } from "../plan/tensor";

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
  const statistics = inOrder({
    loss: value,
    clipFractionLow: total(parts.tooLow),
    clipFractionHigh: total(parts.tooHigh),
    approximateKl: total(tf.sub(tf.sub(own, 1), d)),
    entropy: total(entropies),
    referenceKl: total(divergence),
    largestLogprobGap: tf.max(tf.abs(d)),
  });
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

type PolicyStatistic = (typeof policyStatistics)[number];

function inOrder(byName: Record<PolicyStatistic, tf.Tensor>): tf.Tensor {
  return tf.stack(policyStatistics.map((name) => byName[name]));
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
  const none = Object.fromEntries(policyStatistics.map((name) => [name, tf.scalar(0)])) as Record<
    PolicyStatistic,
    tf.Tensor
  >;
  const statistics = inOrder({ ...none, loss: value, entropy: tf.sum(tf.mul(weights, entropies)) });
  const loss = withGradient(
    [logprobs],
    () => ({ value: tf.clone(value), saved: [weights] }),
    (dy, [weights]) => [tf.mul(tf.neg(dy), weights)],
  );
  return { loss, statistics };
}

// On a plan: one kernel for all that belongs to a token, one that sums the statistics up.

/** Constants that say where among the inputs a list stands. */
const places = ["old", "advantages", "weights", "reference", "firstPlace", "lastPlace", "settings"] as const;

const settingsAt = (name: (typeof policySettings)[number]): string =>
  `inputs[constants.settings + ${policySettings.indexOf(name)}u]`;

/** WGSL that writes a token's terms: those of `byName`, and 0 for the others. */
function writeTerms(byName: Partial<Record<PolicyStatistic, string>>): string {
  const lines = policyStatistics.map((name, i) => `  terms[at + ${i}u] = ${byName[name] ?? "0.0"};`);
  return [`  let at = i * ${policyStatistics.length}u;`, ...lines].join("\n");
}

/** What a token's ratio and surrogate are, in WGSL functions of its place. */
function helpersOf({ ratio, surrogate }: PolicyObjective): string {
  const bounded = "clamp(r, 1.0 - clip_low(), 1.0 + clip_high())";
  const tokenRatio = "fn ratio_at(i: u32) -> f32 { return exp(gap_at(i)); }";
  const sequenceRatio = `fn first_of(i: u32) -> u32 { return bitcast<u32>(inputs[constants.firstPlace + i]); }
fn last_of(i: u32) -> u32 { return bitcast<u32>(inputs[constants.lastPlace + i]); }
fn counted_in(i: u32) -> f32 {
  var count = 0.0;
  for (var j = first_of(i); j <= last_of(i); j++) { count += counted(j); }
  return max(count, 1.0);
}
fn ratio_at(i: u32) -> f32 {
  var total = 0.0;
  for (var j = first_of(i); j <= last_of(i); j++) { total += gap_at(j); }
  return exp(total / counted_in(i));
}`;
  const clip = `fn slope_of(a: f32, r: f32) -> f32 {
  let free = !(too_low(a, r) || too_high(a, r) || (r > dual_clip() && a < 0.0));
  return select(0.0, -a * r, free);
}
fn too_low(a: f32, r: f32) -> bool { return r < 1.0 - clip_low() && a < 0.0; }
fn too_high(a: f32, r: f32) -> bool { return r > 1.0 + clip_high() && a > 0.0; }
fn loss_of(a: f32, r: f32, logprob: f32) -> f32 {
  let pessimistic = max(-a * r, -a * ${bounded});
  return select(pessimistic, min(pessimistic, -a * dual_clip()), a < 0.0);
}`;
  const cispo = `fn slope_of(a: f32, r: f32) -> f32 { return -a * ${bounded}; }
fn too_low(a: f32, r: f32) -> bool { return r < 1.0 - clip_low(); }
fn too_high(a: f32, r: f32) -> bool { return r > 1.0 + clip_high(); }
fn loss_of(a: f32, r: f32, logprob: f32) -> f32 { return slope_of(a, r) * logprob; }`;
  return `fn weight_at(i: u32) -> f32 { return inputs[constants.weights + i]; }
fn advantage_at(i: u32) -> f32 { return inputs[constants.advantages + i]; }
fn counted(i: u32) -> f32 { return select(0.0, 1.0, weight_at(i) > 0.0); }
fn gap_at(i: u32) -> f32 { return select(0.0, logprobs[i] - inputs[constants.old + i], weight_at(i) > 0.0); }
fn clip_low() -> f32 { return ${settingsAt("clipLow")}; }
fn clip_high() -> f32 { return ${settingsAt("clipHigh")}; }
fn dual_clip() -> f32 { return ${settingsAt("dualClip")}; }
${ratio === "token" ? tokenRatio : sequenceRatio}
${surrogate === "clip" ? clip : cispo}`;
}

/** The slope with respect to a token's own d: of a sequence's ratio, the mean over the sequence. */
function slopeStatement({ ratio }: PolicyObjective): string {
  return ratio === "token"
    ? "let slope = w * slope_of(a, r);"
    : `var together = 0.0;
  for (var j = first_of(i); j <= last_of(i); j++) { together += weight_at(j) * slope_of(advantage_at(j), r); }
  let slope = counted(i) * together / counted_in(i);`;
}

function tokenKernel(objective: PolicyObjective): Kernel {
  const { reference, entropyBonus } = objective;
  return perThing({
    name: `policyLoss (${Object.values(objective).join(", ")})`,
    reads: { inputs: "f32", logprobs: "f32", entropies: "f32" },
    writes: { slopes: "f32", terms: "f32", ...(entropyBonus && { entropySlopes: "f32" }) },
    constants: { rows: "u32", ...Object.fromEntries(places.map((name) => [name, "u32" as const])) },
    count: "size(constants.rows)",
    helpers: helpersOf(objective),
    body: `  let w = weight_at(i);
  let a = advantage_at(i);
  let d = gap_at(i);
  let r = ratio_at(i);
  let e = ${reference ? "select(0.0, inputs[constants.reference + i] - logprobs[i], w > 0.0)" : "0.0"};
  let k = exp(e) - 1.0 - e;
  let h = entropies[i];
  ${slopeStatement(objective)}
  slopes[i] = slope + w * ${settingsAt("klCoefficient")} * (1.0 - exp(e));
  ${entropyBonus ? `entropySlopes[i] = -w * ${settingsAt("entropyBonus")};` : ""}
  let whole = loss_of(a, r, logprobs[i]) + ${settingsAt("klCoefficient")} * k - ${settingsAt("entropyBonus")} * h;
${writeTerms({
  loss: "w * whole",
  clipFractionLow: "select(0.0, w, too_low(a, r))",
  clipFractionHigh: "select(0.0, w, too_high(a, r))",
  approximateKl: "w * (exp(d) - 1.0 - d)",
  entropy: "w * h",
  referenceKl: "w * k",
  largestLogprobGap: "abs(d)",
})}`,
  });
}

export function recordPolicyLoss(
  plan: Recorder,
  { logprobs, entropies }: TokenScores<PlanTensor>,
  terms: PolicyTerms<PlanTensor>,
  settings: PlanTensor,
  objective: PolicyObjective,
): Loss<PlanTensor> {
  const { rows } = logprobs;
  const slopes = plan.make("slopes", rows, 1);
  const entropySlopes = plan.make("slopes of entropies", rows, 1);
  const each = plan.make("terms", rows, policyStatistics.length);
  const stands = { ...terms, settings };
  const constants = Object.fromEntries(places.map((name) => [name, stands[name] ?? 0]));
  const bindings = { inputs: plan.allInputs, logprobs, entropies, slopes, entropySlopes, terms: each };
  plan.dispatch(tokenKernel(objective), bindings, { rows: sizeIndex(logprobs), ...constants }, (sizes) =>
    gridFor(plan.countOf(logprobs, sizes)),
  );
  plan.passGradient(logprobs, slopes);
  if (objective.entropyBonus) plan.passGradient(entropies, entropySlopes);
  const statistics = recordStatistics(plan, each, 1);
  return { loss: statistics, statistics };
}

const supervisedKernel = perThing({
  name: "supervisedLoss",
  reads: { weights: "f32", logprobs: "f32", entropies: "f32" },
  writes: { slopes: "f32", terms: "f32" },
  constants: { rows: "u32" },
  count: "size(constants.rows)",
  body: `  slopes[i] = -weights[i];
${writeTerms({ loss: "-weights[i] * logprobs[i]", entropy: "weights[i] * entropies[i]" })}`,
});

export function recordSupervisedLoss(
  plan: Recorder,
  { logprobs, entropies }: TokenScores<PlanTensor>,
  weights: PlanTensor,
): Loss<PlanTensor> {
  const slopes = plan.make("slopes", logprobs.rows, 1);
  const terms = plan.make("terms", logprobs.rows, policyStatistics.length);
  const bindings = { weights, logprobs, entropies, slopes, terms };
  plan.dispatch(supervisedKernel, bindings, { rows: sizeIndex(logprobs) }, (sizes) =>
    gridFor(plan.countOf(logprobs, sizes)),
  );
  plan.passGradient(logprobs, slopes);
  const statistics = recordStatistics(plan, terms, 1);
  return { loss: statistics, statistics };
}
