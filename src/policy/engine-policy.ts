/** The Policy contract on an engine: batches are packed and cut, programs run, statistics added up. */
import { FaultError } from "../core/result";
import type { Backend } from "../tensor/device";
import type { Decoder, DecoderSettings } from "../tensor/decoder";
import type { AdamWSettings, Engine, EngineOptions, OptimizerState } from "../tensor/engine";
import { policySettings, policyStatistics, valueSettings, valueStatistics } from "../tensor/ops";
import type { Evaluation, Inputs, Objective } from "../tensor/program";
import { checkWeights } from "./checkpoint";
import { activationBytes, decoderModel, joinedParameters, parameterShapes } from "./llama";
import { pack, type PackedBatch, partition, pick, Scratch, sequenceEnds, usefulLengths } from "./packing";
import type {
  Batch,
  Ledger,
  LlamaConfig,
  Policy,
  PolicyBatch,
  SequenceBatch,
  UpdateStatistics,
  Weights,
} from "./policy";
import {
  ledgerProgram,
  logitsProgram,
  policyProgram,
  scoresProgram,
  supervisedProgram,
  valuesProgram,
} from "./programs";

/** Likeliest tokens that a ledger lists. */
const ledgerTop = 5;

function checkBatch({ rows, length, ids }: SequenceBatch, vocab: number, perPrediction: Float32Array[]): void {
  if (ids.length !== rows * length)
    throw new RangeError(`ids has ${ids.length} numbers; ${rows} x ${length} are needed`);
  for (const values of perPrediction) {
    if (values.length !== rows * (length - 1))
      throw new RangeError(
        `a list has ${values.length} numbers; one per prediction is needed: ${rows} x ${length - 1}`,
      );
  }
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] < 0 || ids[i] >= vocab) throw new RangeError(`token ${ids[i]} is not in the vocabulary of ${vocab}`);
  }
}

/** The lists of a batch that hold one number per prediction. */
function perPrediction(batch: Batch): Float32Array[] {
  if (batch.kind === "supervised") return [batch.weights];
  const { weights, oldLogprobs, advantages, referenceLogprobs, critic } = batch;
  const optional = [referenceLogprobs, critic?.oldValues, critic?.returns].filter((list) => list !== undefined);
  return [weights, oldLogprobs, advantages, ...optional];
}

const noStatistics = Object.fromEntries(
  [...policyStatistics, ...valueStatistics].map((name) => [name, 0]),
) as UpdateStatistics;

/** Adds a part's statistics, one list per loss, to the batch's. */
function add(total: UpdateStatistics, [policy, value]: readonly Float32Array[]): UpdateStatistics {
  const sum = { ...total };
  policyStatistics.forEach((name, i) => (sum[name] += policy[i]));
  const gap = policy[policyStatistics.indexOf("largestLogprobGap")];
  sum.largestLogprobGap = Math.max(total.largestLogprobGap, gap);
  if (value) {
    valueStatistics.forEach((name, i) => (sum[name] += value[i]));
    sum.loss += value[0];
  }
  return sum;
}

/** Part of a batch: hands its program and inputs to `compute`, which may read the inputs until it is done. */
type Part = <T>(compute: (program: Objective, inputs: Inputs) => Promise<T>) => Promise<T>;

class EnginePolicy implements Policy {
  readonly config: LlamaConfig;
  readonly parameterCount: number;
  readonly #engine: Engine;
  /** Memory that no run uses now. */
  readonly #scratches: Scratch[] = [];

  constructor(config: LlamaConfig, engine: Engine, parameterCount: number) {
    this.config = config;
    this.#engine = engine;
    this.parameterCount = parameterCount;
  }

  rowsAtMost(capacity: number): number {
    return this.#engine.rowsAtMost(decoderModel(this.config), capacity);
  }

  makeDecoder(settings: DecoderSettings): Decoder {
    return this.#engine.makeDecoder(decoderModel(this.config), settings);
  }

  async logprobs(batch: SequenceBatch): Promise<Float32Array> {
    const [logprobs] = await this.#evaluate(scoresProgram(this.config), batch, [1, 1]);
    return logprobs;
  }

  async values(batch: SequenceBatch): Promise<Float32Array> {
    if (!this.config.value_head) throw new RangeError("This policy has no value head.");
    const [values] = await this.#evaluate(valuesProgram(this.config), batch, [1]);
    return values;
  }

  async ledger(batch: SequenceBatch): Promise<Ledger> {
    const k = Math.min(ledgerTop, this.config.vocab_size);
    const program = ledgerProgram(this.config, k);
    const [logprobs, entropies, top] = await this.#evaluate(program, batch, [1, 1, 2 * k]);
    const half = (from: number): number[] => Array.from(top).filter((_, i) => Math.floor(i / k) % 2 === from);
    return {
      logprobs,
      entropies,
      topIds: Int32Array.from(half(0)),
      topLogprobs: Float32Array.from(half(1)),
      k,
    };
  }

  async accumulate(batch: Batch): Promise<UpdateStatistics> {
    return await this.#accumulateAll(this.#parts(batch));
  }

  async update(batch: Batch, settings: AdamWSettings): Promise<UpdateStatistics & { gradientNorm: number }> {
    const parts = this.#parts(batch);
    const last = parts.pop();
    if (!last) return { ...noStatistics, ...(await this.applyGradients(settings)) };
    const total = await this.#accumulateAll(parts);
    const { statistics, gradientNorm } = await last((program, inputs) =>
      this.#engine.update(program, inputs, settings),
    );
    return { ...add(total, statistics), gradientNorm: finite(gradientNorm) };
  }

  async applyGradients(settings: AdamWSettings): Promise<{ gradientNorm: number }> {
    const { gradientNorm } = await this.#engine.applyGradients(settings);
    return { gradientNorm: finite(gradientNorm) };
  }

  gradients(): Promise<Weights> {
    return this.#engine.gradients();
  }

  weights(): Promise<Weights> {
    return this.#engine.values();
  }

  optimizerState(): Promise<OptimizerState> {
    return this.#engine.optimizerState();
  }

  loadOptimizerState(state: OptimizerState): void {
    this.#engine.loadOptimizerState(state);
  }

  memory(): { tensors: number; bytes: number } {
    return this.#engine.memory();
  }

  dispose(): void {
    this.#engine.dispose();
  }

  /** Runs a program at every prediction; each output's numbers, `widths` per prediction, [rows, length - 1, width]. */
  async #evaluate(program: Evaluation, batch: SequenceBatch, widths: readonly number[]): Promise<Float32Array[]> {
    checkBatch(batch, this.config.vocab_size, []);
    const { rows, length } = batch;
    const outputs = widths.map((width) => new Float32Array(rows * (length - 1) * width));
    const lengths = Array.from({ length: rows }, () => length - 1);
    for (const part of partition(lengths, this.#engine.tokenBudget)) {
      await this.#withScratch(async (scratch) => {
        const packed = pack(scratch, batch, part, lengths);
        const found = await this.#engine.evaluate(program, { ...packed });
        outputs.forEach((output, which) => {
          const width = widths[which];
          packed.sources.forEach((source, i) => {
            output.set(found[which].subarray(i * width, (i + 1) * width), source * width);
          });
        });
      });
    }
    return outputs;
  }

  async #accumulateAll(parts: readonly Part[]): Promise<UpdateStatistics> {
    let total = noStatistics;
    for (const part of parts) {
      total = add(total, await part((program, inputs) => this.#engine.accumulate(program, inputs)));
    }
    return total;
  }

  /** The batch, cut into runs of its program; each is packed when it is its turn. */
  #parts(batch: Batch): Part[] {
    checkBatch(batch, this.config.vocab_size, perPrediction(batch));
    const program = this.#programFor(batch);
    const lengths = usefulLengths(batch.rows, batch.length, batch.weights);
    return partition(lengths, this.#engine.tokenBudget).map(
      (rows) => (compute) =>
        this.#withScratch((scratch) => {
          const packed = pack(scratch, batch, rows, lengths, batch.weights);
          const numbers = batch.kind === "policy" ? policyNumbers(scratch, batch, packed) : {};
          const weights = pick(scratch, batch.weights, packed.sources);
          return compute(program, { ...packed, ...numbers, weights });
        }),
    );
  }

  /** Lends memory for a run's inputs until `use` is over. */
  async #withScratch<T>(use: (scratch: Scratch) => Promise<T>): Promise<T> {
    const scratch = this.#scratches.pop() ?? new Scratch();
    try {
      return await use(scratch);
    } finally {
      scratch.clear();
      this.#scratches.push(scratch);
    }
  }

  #programFor(batch: Batch): Objective {
    if (batch.kind === "supervised") return supervisedProgram(this.config);
    const { ratio = "token", surrogate = "clip", referenceLogprobs, entropyBonus = 0, critic } = batch;
    if (critic && !this.config.value_head) throw new RangeError("This policy has no value head for a critic.");
    const objective = { ratio, surrogate, reference: referenceLogprobs !== undefined, entropyBonus: entropyBonus > 0 };
    return policyProgram(this.config, objective, critic !== undefined);
  }
}

/** What a policy batch says of the packed predictions, and its settings. */
function policyNumbers(scratch: Scratch, batch: PolicyBatch, packed: PackedBatch): Inputs {
  const { sources } = packed;
  const { klCoefficient = 0, entropyBonus = 0, clipLow, clipHigh, dualClip, critic, referenceLogprobs } = batch;
  const settings = { klCoefficient, entropyBonus, clipLow, clipHigh, dualClip };
  return {
    old: pick(scratch, batch.oldLogprobs, sources),
    advantages: pick(scratch, batch.advantages, sources),
    settings: Float32Array.from(policySettings, (name) => settings[name]),
    ...(batch.ratio === "sequence" && sequenceEnds(scratch, packed)),
    ...(referenceLogprobs && { reference: pick(scratch, referenceLogprobs, sources) }),
    ...(critic && {
      oldValues: pick(scratch, critic.oldValues, sources),
      returns: pick(scratch, critic.returns, sources),
      valueSettings: Float32Array.from(valueSettings, (name) => critic[name]),
    }),
  };
}

function finite(gradientNorm: number): number {
  if (Number.isFinite(gradientNorm)) return gradientNorm;
  throw new FaultError({
    at: "policy",
    code: "not-finite",
    message: "The gradient holds NaN or Infinity, so the step was not taken and the weights are as before.",
    hint: "Lower the learning rate or the gradient's bound, or go back to an earlier checkpoint.",
  });
}

/** What bounds the memory of a policy (what suits the backend where nothing is given), and who hears of compiling. */
export type PolicyOptions = Partial<
  Pick<EngineOptions, "tokenBudget" | "memoryBudget" | "longest" | "cacheStorage" | "onCompiled">
>;

/**
 * A policy on a backend.
 *
 * @throws FaultError at "checkpoint" where the weights do not fit the configuration.
 */
export function makePolicy(
  backend: Backend,
  config: LlamaConfig,
  weights: Weights,
  options: PolicyOptions = {},
): Policy {
  checkWeights(config, weights);
  const parameters: Weights = new Map();
  let count = 0;
  for (const name of parameterShapes(config).keys()) {
    const found = weights.get(name);
    if (!found) continue;
    parameters.set(name, found);
    count += found.values.length;
  }
  const engine = backend.makeEngine({
    parameters,
    joined: joinedParameters(config),
    activationBytes: activationBytes(config),
    longest: config.max_position_embeddings,
    ...options,
  });
  return new EnginePolicy(config, engine, count);
}

/** Logits of every token of whole sequences, [rows length, vocab], in one piece: for checks and analysis. */
export async function teacherForcedLogits(
  backend: Backend,
  config: LlamaConfig,
  parameters: Weights,
  batch: SequenceBatch,
): Promise<Float32Array> {
  const engine = backend.makeEngine({
    parameters,
    joined: joinedParameters(config),
    activationBytes: activationBytes(config),
    longest: config.max_position_embeddings,
  });
  const { rows, length, ids } = batch;
  const start = (i: number): number => i - (i % length);
  const each = (of: (i: number) => number): Int32Array => Int32Array.from(ids, (_, i) => of(i));
  try {
    const inputs = { ids, first: each(start), positions: each((i) => i % length), places: each((i) => i) };
    const [logits] = await engine.evaluate(logitsProgram(config), inputs);
    return logits.subarray(0, rows * length * config.vocab_size);
  } finally {
    engine.dispose();
  }
}
