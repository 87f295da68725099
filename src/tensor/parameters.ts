/** Named parameters on the active backend, with their accumulated gradients and AdamW's moments. */
import * as tf from "@tensorflow/tfjs";
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

class EagerParameters implements Parameters {
  version = 0;
  private readonly names: string[];
  private readonly index: Map<string, number>;
  private weights: tf.Tensor[];
  private grads: tf.Tensor[] = [];
  private first: tf.Tensor[] = [];
  private second: tf.Tensor[] = [];
  private steps = 0;

  constructor(initial: NamedArrays) {
    this.names = [...initial.keys()];
    this.index = new Map(this.names.map((name, i) => [name, i]));
    this.weights = [...initial.values()].map(upload);
  }

  get(name: string): tf.Tensor {
    const found = this.weights[this.index.get(name) ?? -1];
    if (!found) throw new RangeError(`The model has no parameter named ${name}.`);
    return found;
  }

  async accumulate(loss: () => Loss<tf.Tensor>): Promise<number[]> {
    let statistics: tf.Tensor | undefined;
    const { value, grads } = differentiate(() => {
      const outcome = loss();
      statistics = tf.keep(outcome.statistics);
      return outcome.loss;
    }, this.weights);
    const sums = this.grads.length === 0 ? grads : grads.map((gradient, i) => tf.add(gradient, this.grads[i]));
    if (this.grads.length > 0) tf.dispose([this.grads, grads]);
    this.grads = sums.map((sum) => tf.keep(sum));
    const numbers = [...(await value.data()), ...((await statistics?.data()) ?? [])];
    tf.dispose(statistics ? [value, statistics] : [value]);
    return numbers;
  }

  async gradientNorm(): Promise<number> {
    if (this.grads.length === 0) return 0;
    const norm = globalNorm(this.grads);
    const [value] = await norm.data();
    norm.dispose();
    return value;
  }

  step(settings: Omit<AdamWStep, "step">): void {
    if (this.grads.length === 0) return;
    this.makeMoments();
    this.steps++;
    this.weights.forEach((weight, i) => {
      const weightDecay = weight.shape.length === 2 ? settings.weightDecay : 0;
      const all = { ...settings, weightDecay, step: this.steps };
      const next = adamW(weight, this.grads[i], this.first[i], this.second[i], all);
      tf.dispose([weight, this.first[i], this.second[i]]);
      this.weights[i] = tf.keep(next.weight);
      this.first[i] = tf.keep(next.first);
      this.second[i] = tf.keep(next.second);
    });
    this.version++;
    this.clearGradients();
  }

  clearGradients(): void {
    tf.dispose(this.grads);
    this.grads = [];
  }

  values(): Promise<NamedArrays> {
    return download(this.names, this.weights);
  }

  gradients(): Promise<NamedArrays> {
    if (this.grads.length === 0) this.grads = zerosFor(this.weights);
    return download(this.names, this.grads);
  }

  async optimizerState(): Promise<OptimizerState> {
    this.makeMoments();
    const [first, second] = [await download(this.names, this.first), await download(this.names, this.second)];
    return { step: this.steps, first, second };
  }

  loadOptimizerState(state: OptimizerState): void {
    for (const moments of [state.first, state.second]) this.checkMoments(moments);
    tf.dispose([...this.first, ...this.second]);
    const take = (moments: NamedArrays): tf.Tensor[] =>
      this.names.flatMap((name) => moments.get(name) ?? []).map(upload);
    this.first = take(state.first);
    this.second = take(state.second);
    this.steps = state.step;
  }

  dispose(): void {
    tf.dispose([...this.weights, ...this.grads, ...this.first, ...this.second]);
    this.weights = [];
    this.grads = [];
    this.first = [];
    this.second = [];
  }

  private makeMoments(): void {
    if (this.first.length > 0) return;
    this.first = zerosFor(this.weights);
    this.second = zerosFor(this.weights);
  }

  private checkMoments(moments: NamedArrays): void {
    this.names.forEach((name, i) => {
      if (moments.get(name)?.shape.join() !== this.weights[i].shape.join())
        throw new RangeError(`The optimizer state has no moments of the right shape for ${name}.`);
    });
  }
}

/** Uploads the values; the map's order is kept. */
export function makeParameters(initial: NamedArrays): Parameters {
  return new EagerParameters(initial);
}
