/** The Policy contract on the eager interpreter: whichever tfjs backend is active runs the model op by op. */
import { FaultError } from "../core/result";
import { eagerOps as ops, type Loss } from "../tensor/ops";
import { type Handle, makeParameters } from "../tensor/parameters";
import { readOut, tensorMemory } from "../tensor/scope";
import { checkWeights } from "./checkpoint";
import { makeDecoder, preparedOnce } from "./decoder";
import { forward, parameterShapes, prepare, type Sequences } from "./llama";
import { type MicroBatch, microBatches, placeBucket, roundUp, usefulLengths } from "./micro-batch";
import type { LlamaConfig, Policy, UpdateBatch, UpdateStatistics, Weights } from "./policy";

/** Tokens that one forward and backward pass holds at a time. */
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

/**
 * A policy on the active backend.
 *
 * @throws FaultError at "checkpoint" where the weights do not fit the configuration.
 */
export function makePolicy(config: LlamaConfig, weights: Weights, tokenBudget = defaultTokenBudget): Policy {
  checkWeights(config, weights);
  const shapes = parameterShapes(config);
  const ordered = new Map(
    [...shapes.keys()].map((name) => [name, weights.get(name) ?? { shape: [], values: new Float32Array() }]),
  );
  const parameters = makeParameters(ordered);
  const parameter = (name: string): Handle => parameters.get(name);
  const prepared = preparedOnce(
    () => parameters.version,
    () => prepare(ops, config, parameter),
  );
  let parameterCount = 0;
  for (const shape of shapes.values()) parameterCount += shape.reduce((product, size) => product * size, 1);

  const accumulate = async (
    batch: UpdateBatch,
    lossOf: (scores: Handle, sources: Int32Array) => Loss<Handle>,
  ): Promise<UpdateStatistics> => {
    const results: number[][] = [];
    const lengths = usefulLengths(batch.rows, batch.length, batch.weights);
    for (const part of microBatches(lengths, batch.length, tokenBudget)) {
      const { ids, places, targets, sources } = predictions(batch, part, batch.weights);
      results.push(
        await parameters.accumulate(() => {
          const model = prepare(ops, config, parameter);
          const logits = forward(ops, config, model, { rows: part.rows.length, length: part.length, ids }, places);
          return lossOf(ops.tokenLogprob(logits, targets), sources);
        }),
      );
    }
    return addUp(results);
  };

  return {
    config,
    parameterCount,
    makeDecoder: (rows, capacity) => makeDecoder(ops, config, prepared.get, rows, capacity),
    logprobs: async (batch) => {
      checkBatch(batch, config.vocab_size, []);
      const { rows, length } = batch;
      const logprobs = new Float32Array(rows * (length - 1));
      for (const part of microBatches(
        Array.from({ length: rows }, () => length - 1),
        length,
        tokenBudget,
      )) {
        const { ids, places, targets, sources } = predictions(batch, part);
        const sequences = { rows: part.rows.length, length: part.length, ids };
        const scores = await readOut(() =>
          ops.tokenLogprob(forward(ops, config, prepared.get(), sequences, places), targets),
        );
        sources.forEach((source, i) => {
          if (source >= 0) logprobs[source] = scores[i];
        });
      }
      return logprobs;
    },
    accumulateSupervised: async (batch) => {
      checkBatch(batch, config.vocab_size, [batch.weights]);
      return accumulate(batch, (scores, sources) => ops.supervisedLoss(scores, pick(batch.weights, sources)));
    },
    accumulatePolicy: async (batch) => {
      checkBatch(batch, config.vocab_size, [batch.weights, batch.oldLogprobs, batch.advantages]);
      return accumulate(batch, (scores, sources) => {
        const [old, advantages, weights] = [batch.oldLogprobs, batch.advantages, batch.weights].map((values) =>
          pick(values, sources),
        );
        return ops.policyLoss(scores, old, advantages, weights, batch);
      });
    },
    applyGradients: async ({ gradientClip, ...settings }) => {
      const gradientNorm = await parameters.gradientNorm();
      if (!Number.isFinite(gradientNorm)) {
        parameters.clearGradients();
        throw new FaultError({
          at: "policy",
          code: "not-finite",
          message: "The gradient holds NaN or Infinity, so the step was not taken and the weights are as before.",
          hint: "Lower the learning rate or the gradient's bound, or go back to an earlier checkpoint.",
        });
      }
      parameters.step({ ...settings, gradientScale: Math.min(1, gradientClip / (gradientNorm + 1e-6)) });
      return { gradientNorm };
    },
    gradients: () => parameters.gradients(),
    weights: () => parameters.values(),
    optimizerState: () => parameters.optimizerState(),
    loadOptimizerState: (state) => {
      parameters.loadOptimizerState(state);
    },
    memory: tensorMemory,
    dispose: () => {
      prepared.dispose();
      parameters.dispose();
    },
  };
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
