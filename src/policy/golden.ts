/**
 * Compares a policy on the active backend with numbers that PyTorch computed in double precision: a safetensors file
 * with weights, inputs and expected tensors, and a JSON file beside it with the configuration and expected scalars.
 */
import { FaultError } from "../core/result";
import { readSafetensors, type SafeTensors } from "../tensor/safetensors";
import { checkWeights, parseConfig } from "./checkpoint";
import { makePolicy, teacherForcedLogits } from "./eager-policy";
import { parameterShapes } from "./llama";
import type { AdamWSettings, LlamaConfig, Policy, PolicyUpdateBatch, Weights } from "./policy";

/** One compared quantity: its largest error, and how large it may be. */
export interface GoldenQuantity {
  name: string;
  error: number;
  tolerance: number;
  /** How the error is measured, and where it was largest. */
  detail: string;
  passed: boolean;
}

export interface GoldenReport {
  quantities: GoldenQuantity[];
  passed: boolean;
}

const hint = "Give a golden .safetensors file with the .json that was written with it.";

function refuse(message: string): never {
  throw new FaultError({ at: "checkpoint", code: "golden", message, hint });
}

type Fields = Record<string, unknown>;

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(`${name} is not a JSON object.`);
  return { ...value };
}

function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number") refuse(`The golden JSON has no number ${name}.`);
  return value;
}

/** Everything that the two files say, checked. */
interface Golden {
  config: LlamaConfig;
  weights: Weights;
  batch: PolicyUpdateBatch;
  settings: AdamWSettings;
  json: Fields;
  floats: (name: string) => Float32Array;
  integers: (name: string) => { shape: number[]; values: Int32Array };
  has: (name: string) => boolean;
}

function parse(bytes: Uint8Array, value: unknown): Golden {
  const { tensors }: SafeTensors = readSafetensors(bytes);
  const json = fieldsOf(value, "The golden JSON");
  const config = parseConfig(json["config"]);
  const find = (name: string) => tensors.get(name) ?? refuse(`The golden file has no tensor named ${name}.`);
  const floats = (name: string): Float32Array => {
    const { values } = find(name);
    return values instanceof Float32Array ? values : refuse(`The golden file's ${name} does not hold floats.`);
  };
  const integers = (name: string): { shape: number[]; values: Int32Array } => {
    const { shape, values } = find(name);
    return values instanceof Int32Array
      ? { shape, values }
      : refuse(`The golden file's ${name} does not hold integers.`);
  };
  const weights: Weights = new Map();
  for (const name of parameterShapes(config).keys()) {
    const tensor = tensors.get(name);
    if (tensor?.values instanceof Float32Array) weights.set(name, { shape: tensor.shape, values: tensor.values });
  }
  checkWeights(config, weights);
  const { shape, values: ids } = integers("input_ids");
  const [rows, length] = shape;
  const mask = floats("loss_mask");
  const counted = mask.reduce((sum, one) => sum + one, 0);
  const ppo = fieldsOf(json["ppo"], "The golden JSON's ppo");
  const adamw = fieldsOf(json["adamw"], "The golden JSON's adamw");
  return {
    config,
    weights,
    batch: {
      rows,
      length,
      ids,
      weights: mask.map((one) => one / counted),
      oldLogprobs: floats("old_logprobs"),
      advantages: floats("advantages"),
      clipLow: numberOf(ppo, "clip_low"),
      clipHigh: numberOf(ppo, "clip_high"),
      dualClip: numberOf(ppo, "dual_clip"),
    },
    settings: {
      learningRate: numberOf(adamw, "lr"),
      beta1: numberOf(adamw, "beta1"),
      beta2: numberOf(adamw, "beta2"),
      epsilon: numberOf(adamw, "eps"),
      weightDecay: numberOf(adamw, "weight_decay"),
      gradientClip: numberOf(adamw, "clip_grad_norm"),
    },
    json,
    floats,
    integers,
    has: (name) => tensors.has(name),
  };
}

function quantity(name: string, error: number, tolerance: number, detail: string): GoldenQuantity {
  return { name, error, tolerance, detail, passed: error <= tolerance };
}

/** NaN counts as infinitely far, and so does another length. */
function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(found[i] - expected[i]);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}

function largestMagnitude(values: Float32Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

function relative(found: number, expected: number): number {
  return Math.abs(found - expected) / Math.max(Math.abs(expected), 1e-6);
}

/** Logits at every position, [rows, length, vocab], token by token on the cache. */
async function decodedLogits(policy: Policy, { batch, config }: Golden): Promise<Float32Array> {
  const { rows, length, ids } = batch;
  const decoder = policy.makeDecoder(rows, length);
  const every = Array.from({ length: rows }, (_, row) => row);
  const logits = new Float32Array(rows * length * config.vocab_size);
  for (let t = 0; t < length; t++) {
    const tokens = every.map((row) => ids[row * length + t]);
    const found =
      t === 0
        ? await decoder.prefill(
            every,
            tokens.map((token) => [token]),
          )
        : await decoder.step(
            every,
            tokens,
            every.map(() => t),
          );
    for (const row of every) {
      const line = found.subarray(row * config.vocab_size, (row + 1) * config.vocab_size);
      logits.set(line, (row * length + t) * config.vocab_size);
    }
  }
  decoder.dispose();
  return logits;
}

async function checkForward(policy: Policy, golden: Golden): Promise<GoldenQuantity[]> {
  const { batch, floats } = golden;
  const absolute = "largest absolute difference";
  const passes = largestDifference(await teacherForcedLogits(golden.config, golden.weights, batch), floats("logits"));
  const steps = largestDifference(await decodedLogits(policy, golden), floats("logits"));
  const logprobs = largestDifference(await policy.logprobs(batch), floats("logprobs"));
  return [
    quantity("logits", passes, 1e-4, absolute),
    quantity("logits, decoded token by token", steps, 1e-4, absolute),
    quantity("log-probabilities", logprobs, 1e-4, absolute),
  ];
}

/** The index of the largest number. */
function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** A continuation was prompted with the beginning of the same row of the inputs. */
function promptLength({ batch, integers }: Golden, shape: number[]): number {
  const { values } = integers("greedy");
  const [rows, length] = shape;
  let shared = Math.min(length - 1, batch.length);
  for (let row = 0; row < Math.min(rows, batch.rows); row++) {
    let t = 0;
    while (t < shared && values[row * length + t] === batch.ids[row * batch.length + t]) t++;
    shared = t;
  }
  return Math.max(1, shared);
}

async function checkGreedy(policy: Policy, golden: Golden): Promise<GoldenQuantity[]> {
  if (!golden.has("greedy")) return [];
  const { shape, values } = golden.integers("greedy");
  const [rows, length] = shape;
  const prompt = promptLength(golden, shape);
  const { vocab_size: vocab } = golden.config;
  const decoder = policy.makeDecoder(rows, length);
  const every = Array.from({ length: rows }, (_, row) => row);
  const prompts = every.map((row) => [...values.subarray(row * length, row * length + prompt)]);
  let logits = await decoder.prefill(every, prompts);
  let wrong = 0;
  for (let t = prompt; t < length; t++) {
    const tokens = every.map((row) => argmax(logits.subarray(row * vocab, (row + 1) * vocab)));
    for (const row of every) if (tokens[row] !== values[row * length + t]) wrong++;
    if (t + 1 < length)
      logits = await decoder.step(
        every,
        tokens,
        every.map(() => t),
      );
  }
  decoder.dispose();
  return [quantity("greedy continuation", wrong, 0, `wrong tokens of ${rows * (length - prompt)}, with the cache`)];
}

/** The worst parameter's largest difference, relative to the parameter's largest expected magnitude. */
function worstGradient(found: Weights, golden: Golden): GoldenQuantity {
  const expected = [...found.keys()].map((name) => golden.floats(`grad.${name}`));
  // A gradient that is zero but for rounding is measured against the others' size.
  const floor = 1e-3 * Math.max(...expected.map(largestMagnitude));
  let error = 0;
  let worst = "";
  [...found].forEach(([name, { values }], i) => {
    const own = largestDifference(values, expected[i]) / Math.max(largestMagnitude(expected[i]), floor);
    if (!(own <= error)) [error, worst] = [own, name];
  });
  return quantity(
    "gradients of the policy loss",
    error,
    1e-3,
    `of ${found.size} parameters, relative; largest in ${worst}`,
  );
}

async function checkTraining(policy: Policy, golden: Golden): Promise<GoldenQuantity[]> {
  const { batch, settings, json } = golden;
  const expected = json["trajectory"];
  if (!Array.isArray(expected)) refuse("The golden JSON has no list named trajectory.");
  const stats = fieldsOf(json["stats"], "The golden JSON's stats");
  const quantities: GoldenQuantity[] = [];
  let lossError = 0;
  let normError = 0;
  for (const [i, entry] of expected.entries()) {
    const step = fieldsOf(entry, "A step of the golden trajectory");
    const found = await policy.accumulatePolicy(batch);
    if (i === 0) {
      const statistics = [
        [found.loss, numberOf(stats, "loss")],
        [found.clipFractionLow, numberOf(stats, "clipfrac_low")],
        [found.clipFractionHigh, numberOf(stats, "clipfrac_high")],
        [found.approximateKl, numberOf(stats, "approx_kl_k3")],
        [found.entropy, numberOf(stats, "entropy")],
      ];
      const error = Math.max(...statistics.map(([a, b]) => Math.abs(a - b)));
      quantities.push(quantity("loss, clip fractions, k3, entropy", error, 1e-3, "largest absolute difference"));
      quantities.push(worstGradient(await policy.gradients(), golden));
    }
    const { gradientNorm } = await policy.applyGradients(settings);
    lossError = Math.max(lossError, relative(found.loss, numberOf(step, "loss")));
    normError = Math.max(normError, relative(gradientNorm, numberOf(step, "grad_norm")));
  }
  const steps = `${expected.length} AdamW steps, relative`;
  quantities.push(quantity("loss of the steps", lossError, 1e-3, steps));
  quantities.push(quantity("gradient norm of the steps", normError, 1e-3, steps));
  const after = [...(await policy.weights())].filter(([name]) => golden.has(`after5.${name}`));
  if (after.length > 0) {
    const error = Math.max(
      ...after.map(([name, { values }]) => largestDifference(values, golden.floats(`after5.${name}`))),
    );
    // AdamW moves a weight by at most about the learning rate per step, whatever the gradient's size.
    const tolerance = 0.1 * settings.learningRate * expected.length;
    quantities.push(quantity("weights after the steps", error, tolerance, "largest absolute difference"));
  }
  return quantities;
}

async function checkSupervised(policy: Policy, { batch, json }: Golden): Promise<GoldenQuantity[]> {
  if (typeof json["sft_loss"] !== "number") return [];
  const { loss } = await policy.accumulateSupervised(batch);
  return [quantity("supervised loss", relative(loss, json["sft_loss"]), 1e-3, "relative")];
}

/**
 * Runs every comparison on the active backend.
 *
 * @param json the parsed JSON file
 * @throws FaultError at "checkpoint" where the files are not of the golden form.
 */
export async function checkGolden(bytes: Uint8Array, json: unknown): Promise<GoldenReport> {
  const golden = parse(bytes, json);
  const quantities: GoldenQuantity[] = [];
  // A policy of its own for each part: none depends on what another left behind.
  for (const check of [checkForward, checkGreedy, checkSupervised, checkTraining]) {
    const policy = makePolicy(golden.config, golden.weights);
    quantities.push(...(await check(policy, golden)));
    policy.dispose();
  }
  return { quantities, passed: quantities.every(({ passed }) => passed) };
}
