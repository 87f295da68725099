/**
 * Compares a policy on a backend with numbers that PyTorch computed in double precision: a safetensors file
 * with weights, inputs and expected tensors, and a JSON file beside it with the configuration and expected scalars.
 */
import { FaultError } from "../core/result";
import type { Backend } from "../tensor/device";
import { readSafetensors, type SafeTensors } from "../tensor/safetensors";
import { checkWeights, parseConfig } from "./checkpoint";
import { makePolicy, teacherForcedLogits } from "./engine-policy";
import { parameterShapes } from "./llama";
import type { AdamWSettings, DecoderSettings, LlamaConfig, Policy, PolicyBatch, Weights } from "./policy";

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
  batch: PolicyBatch;
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
      kind: "policy",
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

export function quantity(name: string, error: number, tolerance: number, detail: string): GoldenQuantity {
  return { name, error, tolerance, detail, passed: error <= tolerance };
}

/** NaN counts as infinitely far, and so does another length. */
export function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
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

/** What a row wrote and was made to read, and what the decoder said of each token. */
interface Decoded {
  ids: number[];
  /** Position of a token to its log-probability under the policy. */
  logprobs: Map<number, number>;
}

/** Decodes rows until they are full. A row that stops reads `interruption` and goes on, as after a snippet. */
async function decodeFull(
  policy: Policy,
  prompts: readonly (readonly number[])[],
  settings: Pick<DecoderSettings, "capacity" | "sampling" | "stops">,
  interruption: readonly number[],
): Promise<Decoded[]> {
  const { capacity } = settings;
  const decoder = policy.makeDecoder({ ...settings, rows: prompts.length });
  const rows = prompts.map((prompt) => ({
    ids: [...prompt],
    logprobs: new Map<number, number>(),
    read: prompt.length,
  }));
  await decoder.begin(prompts.map((prompt, row) => ({ row, prompt, key: 1000 + row })));
  while (rows.some(({ ids }) => ids.length < capacity)) {
    for (const { row, readLogprobs, tokens, policyLogprobs } of await decoder.advance()) {
      const seat = rows[row];
      for (const logprob of readLogprobs) seat.logprobs.set(seat.read++, logprob);
      tokens.forEach((token, i) => {
        seat.logprobs.set(seat.ids.length, policyLogprobs[i]);
        seat.ids.push(token);
      });
      seat.read = seat.ids.length;
      const last = tokens.at(-1);
      if (last === undefined || !settings.stops.includes(last) || seat.ids.length >= capacity) continue;
      const inserted = interruption.slice(0, capacity - 1 - seat.ids.length);
      decoder.resume(row, inserted);
      seat.ids.push(...inserted);
    }
  }
  decoder.dispose();
  return rows;
}

/** The decoder's log-probabilities of all it sampled and read, against those of teacher forcing. */
async function decodedError(policy: Policy, { batch, config }: Golden): Promise<number> {
  const { rows, length, ids } = batch;
  const prompts = Array.from({ length: rows }, (_, row) => [...ids.subarray(row * length, row * length + 1 + row)]);
  const stops = Array.from({ length: config.vocab_size }, (_, id) => id).filter((id) => id % 3 === 0);
  const sampling = { temperature: 0.8, topP: 0.9 };
  const decoded = await decodeFull(policy, prompts, { capacity: length, sampling, stops }, [...ids.subarray(0, 3)]);
  const forced = await policy.logprobs({ rows, length, ids: Int32Array.from(decoded.flatMap((row) => row.ids)) });
  const errors = decoded.flatMap(({ logprobs }, row) =>
    [...logprobs].map(([position, logprob]) => Math.abs(logprob - forced[row * (length - 1) + position - 1])),
  );
  return errors.length === 0 ? Infinity : Math.max(...errors);
}

async function checkForward(policy: Policy, golden: Golden, backend: Backend): Promise<GoldenQuantity[]> {
  const { batch, floats } = golden;
  const absolute = "largest absolute difference";
  const logits = await teacherForcedLogits(backend, golden.config, golden.weights, batch);
  return [
    quantity("logits", largestDifference(logits, floats("logits")), 1e-4, absolute),
    quantity("log-probabilities", largestDifference(await policy.logprobs(batch), floats("logprobs")), 1e-4, absolute),
    quantity(
      "log-probabilities, decoded",
      await decodedError(policy, golden),
      1e-4,
      "sampled and read token by token, against teacher forcing",
    ),
  ];
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
  const prompts = Array.from({ length: rows }, (_, row) => [...values.subarray(row * length, row * length + prompt)]);
  // So cold that only the likeliest token is ever drawn.
  const sampling = { temperature: 1e-3, topP: 1 };
  const decoded = await decodeFull(policy, prompts, { capacity: length, sampling, stops: [] }, []);
  const wrong = decoded.flatMap(({ ids }, row) => ids.filter((id, t) => id !== values[row * length + t])).length;
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
    const found = await policy.accumulate(batch);
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
  const { loss } = await policy.accumulate({ ...batch, kind: "supervised" });
  return [quantity("supervised loss", relative(loss, json["sft_loss"]), 1e-3, "relative")];
}

/**
 * Runs every comparison on a backend.
 *
 * @param json the parsed JSON file
 * @throws FaultError at "checkpoint" where the files are not of the golden form.
 */
export async function checkGolden(backend: Backend, bytes: Uint8Array, json: unknown): Promise<GoldenReport> {
  const golden = parse(bytes, json);
  const quantities: GoldenQuantity[] = [];
  // A policy of its own for each part: none depends on what another left behind.
  for (const check of [checkForward, checkGreedy, checkSupervised, checkTraining]) {
    const policy = makePolicy(backend, golden.config, golden.weights);
    quantities.push(...(await check(policy, golden, backend)));
    policy.dispose();
  }
  return { quantities, passed: quantities.every(({ passed }) => passed) };
}
