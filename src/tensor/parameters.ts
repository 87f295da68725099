/** Named parameters on the active backend, with their accumulated gradients and AdamW's moments. */
import * as tf from "@tensorflow/tfjs-core";
import { differentiate } from "./gradient";
import type { Loss } from "./ops";
import { adamW, type AdamWStep, globalNorm } from "./ops/adamw";

/** Values by name, outside any backend. */
export type NamedArrays = Map<string, { shape: number[]; values: Float32Array }>;

export type Handle = tf.Tensor;

export interface OptimizerState {
  step: number;
  first: NamedArrays;
  second: NamedArrays;
}

export interface Parameters {
  /** The current handle of a parameter; a step replaces it. Throws a RangeError for an unknown name. */
  get(name: string): Handle;
  /** Grows by one whenever the values change. */
  readonly version: number;
  /** Adds the gradient of the loss; returns [loss, ...statistics]. */
  accumulate(loss: () => Loss<Handle>): Promise<number[]>;
  /** The norm of the accumulated gradient; 0 where nothing was accumulated. */
  gradientNorm(): Promise<number>;
  /** One AdamW step on the accumulated gradient, which it clears. Decay applies to matrices only. */
  step(settings: Omit<AdamWStep, "step">): void;
  clearGradients(): void;
  values(): Promise<NamedArrays>;
  gradients(): Promise<NamedArrays>;
  optimizerState(): Promise<OptimizerState>;
  loadOptimizerState(state: OptimizerState): void;
  dispose(): void;
}

function upload({ shape, values }: { shape: number[]; values: Float32Array }): tf.Tensor {
  return tf.keep(tf.tensor(values, shape, "float32"));
}

async function download(names: string[], tensors: tf.Tensor[]): Promise<NamedArrays> {
  const arrays: NamedArrays = new Map();
  for (const [i, name] of names.entries()) {
    const values = await tensors[i].data<"float32">();
    arrays.set(name, { shape: [...tensors[i].shape], values: new Float32Array(values) });
  }
  return arrays;
}

function zerosFor(tensors: tf.Tensor[]): tf.Tensor[] {
  return tensors.map((tensor) => tf.keep(tf.zerosLike(tensor)));
}

export function makeParameters(initial: NamedArrays): Parameters {
  const names = [...initial.keys()];
  const index = new Map(names.map((name, i) => [name, i]));
  let weights = [...initial.values()].map(upload);
  let first: tf.Tensor[] = [];
  let second: tf.Tensor[] = [];
  let grads: tf.Tensor[] = [];
  let steps = 0;
  let version = 0;

  const clearGradients = (): void => {
    tf.dispose(grads);
    grads = [];
  };

  return {
    get version() {
      return version;
    },
    get: (name) => {
      const found = weights[index.get(name) ?? -1];
      if (!found) throw new RangeError(`The model has no parameter named ${name}.`);
      return found;
    },
    accumulate: async (loss) => {
      let statistics: tf.Tensor | undefined;
      const { value, grads: fresh } = differentiate(() => {
        const outcome = loss();
        statistics = tf.keep(outcome.statistics);
        return outcome.loss;
      }, weights);
      if (grads.length === 0) grads = fresh.map((gradient) => tf.keep(gradient));
      else {
        const sums = grads.map((gradient, i) => tf.keep(tf.add(gradient, fresh[i])));
        tf.dispose([grads, fresh]);
        grads = sums;
      }
      const numbers = [...(await value.data()), ...((await statistics?.data()) ?? [])];
      tf.dispose(statistics ? [value, statistics] : [value]);
      return numbers;
    },
    gradientNorm: async () => {
      if (grads.length === 0) return 0;
      const norm = globalNorm(grads);
      const [value] = await norm.data();
      norm.dispose();
      return value;
    },
    step: (settings) => {
      if (grads.length === 0) return;
      if (first.length === 0) [first, second] = [zerosFor(weights), zerosFor(weights)];
      steps++;
      weights.forEach((weight, i) => {
        const weightDecay = weight.shape.length === 2 ? settings.weightDecay : 0;
        const next = adamW(weight, grads[i], first[i], second[i], { ...settings, weightDecay, step: steps });
        tf.dispose([weight, first[i], second[i]]);
        [weights[i], first[i], second[i]] = [next.weight, next.first, next.second].map((tensor) => tf.keep(tensor));
      });
      version++;
      clearGradients();
    },
    clearGradients,
    values: () => download(names, weights),
    gradients: async () => {
      if (grads.length === 0) grads = zerosFor(weights);
      return download(names, grads);
    },
    optimizerState: async () => {
      if (first.length === 0) [first, second] = [zerosFor(weights), zerosFor(weights)];
      return { step: steps, first: await download(names, first), second: await download(names, second) };
    },
    loadOptimizerState: (state) => {
      const take = (arrays: NamedArrays): tf.Tensor[] =>
        names.map((name, i) => {
          const array = arrays.get(name);
          if (!array || array.shape.join() !== weights[i].shape.join())
            throw new RangeError(`The optimizer state has no moments of the right shape for ${name}.`);
          return upload(array);
        });
      const loaded = [take(state.first), take(state.second)];
      tf.dispose([...first, ...second]);
      [first, second] = loaded;
      steps = state.step;
    },
    dispose: () => {
      tf.dispose([...weights, ...grads, ...first, ...second]);
      weights = [];
      grads = [];
      first = [];
      second = [];
    },
  };
}
