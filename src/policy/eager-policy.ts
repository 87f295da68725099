/** The Policy contract on the eager interpreter: whichever tfjs backend is active runs the model op by op. */
import { FaultError } from "../core/result";
import { eagerOps as ops, type Loss } from "../tensor/ops";
import { type Handle, makeParameters, type Parameters } from "../tensor/parameters";
import { readOut, tensorMemory } from "../tensor/scope";
import { checkWeights } from "./checkpoint";
import { makeDecoder, preparedOnce } from "./decoder";
import { forward, type Llama, parameterShapes, prepare, type Sequences } from "./llama";
import { type MicroBatch, microBatches, placeBucket, roundUp, usefulLengths } from "./micro-batch";
import type {
  AdamWSettings,
  Decoder,
  LlamaConfig,
  Policy,
  PolicyUpdateBatch,
  UpdateBatch,
  UpdateStatistics,
  Weights,
} from "./policy";

/** At the smallest policy's size, about 80 MB of activations. */
const defaultTokenBudget = 2048;

/** The weighted predictions of a micro-batch: where they are, and each one's index in the batch's [rows, length - 1]. */
interface Predictions {
  ids: Int32Array;
  places: Int32Array;
  targets: Int32Array;
  /** Index into weights, advantages and old log-probabilities; -1 for padding. */
  sources: Int32Array;
}

function predictions(
  batch: Pick<UpdateBatch, "length" | "ids">,
  part: MicroBatch,
  weights?: Float32Array,
): Predictions {
  const { length } = part;
  const stride = batch.length - 1;
  const ids = new Int32Array(part.rows.length * length);
  const places: number[] = [];
  const sources: number[] = [];
  part.rows.forEach((row, i) => {
    ids.set(batch.ids.subarray(row * batch.length, row * batch.length + length), i * length);
    for (let t = 0; t < Math.min(length, stride); t++) {
      if (weights?.[row * stride + t] === 0) continue;
      places.push(i * length + t);
      sources.push(row * stride + t);
    }
  });
  const count = roundUp(places.length, placeBucket);
  const targetOf = (source: number): number =>
    batch.ids[Math.floor(source / stride) * batch.length + (source % stride) + 1];
  const padded = {
    places: new Int32Array(count),
    targets: new Int32Array(count),
    sources: new Int32Array(count).fill(-1),
  };
  padded.places.set(places);
  padded.sources.set(sources);
  padded.targets.set(sources.map(targetOf));
  return { ids, ...padded };
}

function pick(values: Float32Array, sources: Int32Array): Float32Array {
  return Float32Array.from(sources, (source) => (source < 0 ? 0 : values[source]));
}

function checkBatch(
  batch: Pick<UpdateBatch, "rows" | "length" | "ids">,
  vocab: number,
  perPrediction: Float32Array[],
): void {
  const { rows, length, ids } = batch;
  if (ids.length !== rows * length)
    throw new RangeError(`ids has ${ids.length} numbers; ${rows} x ${length} are needed`);
  for (const values of perPrediction) {
    if (values.length !== rows * (length - 1))
      throw new RangeError(
        `a list has ${values.length} numbers; one per prediction is needed: ${rows} x ${length - 1}`,
      );
  }
  const bad = ids.find((id) => id < 0 || id >= vocab);
  if (bad !== undefined) throw new RangeError(`token ${bad} is not in the vocabulary of ${vocab}`);
}

function addUp(parts: number[][]): UpdateStatistics {
  const sum = (index: number): number => parts.reduce((total, part) => total + part[index], 0);
  return {
    loss: sum(0),
    clipFractionLow: sum(1),
    clipFractionHigh: sum(2),
    approximateKl: sum(3),
    entropy: sum(4),
    largestLogprobGap: parts.reduce((largest, part) => Math.max(largest, part[5]), 0),
  };
}

class EagerPolicy implements Policy {
  readonly config: LlamaConfig;
  readonly parameterCount: number;
  private readonly tokenBudget: number;
  private readonly parameters: Parameters;
  private readonly prepared: { get: () => Llama<Handle>; dispose: () => void };

  constructor(config: LlamaConfig, weights: Weights, tokenBudget: number) {
    this.config = config;
    this.tokenBudget = tokenBudget;
    this.parameters = makeParameters(weights);
    this.prepared = preparedOnce(
      () => this.parameters.version,
      () => this.prepare(),
    );
    let count = 0;
    for (const { values } of weights.values()) count += values.length;
    this.parameterCount = count;
  }

  makeDecoder(rows: number, capacity: number): Decoder {
    return makeDecoder(ops, this.config, this.prepared.get, rows, capacity);
  }

  async logprobs(batch: Pick<UpdateBatch, "rows" | "length" | "ids">): Promise<Float32Array> {
    checkBatch(batch, this.config.vocab_size, []);
    const { rows, length } = batch;
    const logprobs = new Float32Array(rows * (length - 1));
    const lengths = Array.from({ length: rows }, () => length - 1);
    for (const part of microBatches(lengths, length, this.tokenBudget)) {
      const found = predictions(batch, part);
      const scores = await readOut(() => this.scores(this.prepared.get(), part, found));
      found.sources.forEach((source, i) => {
        if (source >= 0) logprobs[source] = scores[i];
      });
    }
    return logprobs;
  }

  async accumulateSupervised(batch: UpdateBatch): Promise<UpdateStatistics> {
    checkBatch(batch, this.config.vocab_size, [batch.weights]);
    return this.accumulate(batch, (scores, sources) => ops.supervisedLoss(scores, pick(batch.weights, sources)));
  }

  async accumulatePolicy(batch: PolicyUpdateBatch): Promise<UpdateStatistics> {
    checkBatch(batch, this.config.vocab_size, [batch.weights, batch.oldLogprobs, batch.advantages]);
    return this.accumulate(batch, (scores, sources) => {
      const [old, advantages, weights] = [batch.oldLogprobs, batch.advantages, batch.weights].map((values) =>
        pick(values, sources),
      );
      return ops.policyLoss(scores, old, advantages, weights, batch);
    });
  }

  async applyGradients({ gradientClip, ...settings }: AdamWSettings): Promise<{ gradientNorm: number }> {
    const gradientNorm = await this.parameters.gradientNorm();
    if (!Number.isFinite(gradientNorm)) {
      this.parameters.clearGradients();
      throw new FaultError({
        at: "policy",
        code: "not-finite",
        message: "The gradient holds NaN or Infinity, so the step was not taken and the weights are as before.",
        hint: "Lower the learning rate or the gradient's bound, or go back to an earlier checkpoint.",
      });
    }
    // PyTorch's clip_grad_norm_ adds the same 1e-6.
    this.parameters.step({ ...settings, gradientScale: Math.min(1, gradientClip / (gradientNorm + 1e-6)) });
    return { gradientNorm };
  }

  gradients(): Promise<Weights> {
    return this.parameters.gradients();
  }

  weights(): Promise<Weights> {
    return this.parameters.values();
  }

  optimizerState(): Promise<{ step: number; first: Weights; second: Weights }> {
    return this.parameters.optimizerState();
  }

  loadOptimizerState(state: { step: number; first: Weights; second: Weights }): void {
    this.parameters.loadOptimizerState(state);
  }

  memory(): { tensors: number; bytes: number } {
    return tensorMemory();
  }

  dispose(): void {
    this.prepared.dispose();
    this.parameters.dispose();
  }

  private prepare(): Llama<Handle> {
    return prepare(ops, this.config, (name) => this.parameters.get(name));
  }

  /** [2, places]: log-probabilities and entropies of the predictions. */
  private scores(model: Llama<Handle>, part: MicroBatch, { ids, places, targets }: Predictions): Handle {
    const sequences = { rows: part.rows.length, length: part.length, ids };
    return ops.tokenLogprob(forward(ops, this.config, model, sequences, places), targets);
  }

  private async accumulate(
    batch: UpdateBatch,
    lossOf: (scores: Handle, sources: Int32Array) => Loss<Handle>,
  ): Promise<UpdateStatistics> {
    const results: number[][] = [];
    const lengths = usefulLengths(batch.rows, batch.length, batch.weights);
    for (const part of microBatches(lengths, batch.length, this.tokenBudget)) {
      const found = predictions(batch, part, batch.weights);
      results.push(
        // Prepared anew, on the tape: the joins of the weights belong to what is differentiated.
        await this.parameters.accumulate(() => lossOf(this.scores(this.prepare(), part, found), found.sources)),
      );
    }
    return addUp(results);
  }
}

/**
 * A policy on the active backend.
 *
 * @param tokenBudget tokens that one forward and backward pass holds at a time; memory grows with it
 * @throws FaultError at "checkpoint" where the weights do not fit the configuration.
 */
export function makePolicy(config: LlamaConfig, weights: Weights, tokenBudget = defaultTokenBudget): Policy {
  checkWeights(config, weights);
  const inOrder: Weights = new Map();
  for (const name of parameterShapes(config).keys()) {
    const found = weights.get(name);
    if (found) inOrder.set(name, found);
  }
  return new EagerPolicy(config, inOrder, tokenBudget);
}

/** Logits at every position of a teacher-forced pass, [rows, length, vocab], in one piece: for checks and analysis. */
export async function teacherForcedLogits(
  config: LlamaConfig,
  weights: Weights,
  sequences: Sequences,
): Promise<Float32Array> {
  const parameters = makeParameters(weights);
  const places = Int32Array.from({ length: sequences.rows * sequences.length }, (_, place) => place);
  try {
    return await readOut(() => {
      const model = prepare(ops, config, (name) => parameters.get(name));
      return forward(ops, config, model, sequences, places);
    });
  } finally {
    parameters.dispose();
  }
}
