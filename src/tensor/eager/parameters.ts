/** Named parameters on the active tfjs backend, with their accumulated gradients and AdamW's moments. */
import * as tf from "@tensorflow/tfjs";
import type { AdamWSettings, NamedArrays, OptimizerState } from "../engine";
import type { adamW, globalNorm } from "../ops/adamw";

/** The optimizer's arithmetic, as a backend does it best. */
export interface Optimizer {
  adamW: typeof adamW;
  globalNorm: typeof globalNorm;
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

export class EagerParameters {
  /** Grows by one whenever the values change. */
  version = 0;
  private readonly names: string[];
  private readonly index: Map<string, number>;
  private readonly optimizer: Optimizer;
  private weights: tf.Tensor[];
  private grads: tf.Tensor[] = [];
  private first: tf.Tensor[] = [];
  private second: tf.Tensor[] = [];
  private steps = 0;

  constructor(initial: NamedArrays, optimizer: Optimizer) {
    this.optimizer = optimizer;
    this.names = [...initial.keys()];
    this.index = new Map(this.names.map((name, i) => [name, i]));
    this.weights = [...initial.values()].map(upload);
  }

  /** The present tensor of a parameter; a step replaces it. Throws a RangeError for an unknown name. */
  get(name: string): tf.Tensor {
    const found = this.weights[this.index.get(name) ?? -1];
    if (!found) throw new RangeError(`The model has no parameter named ${name}.`);
    return found;
  }

  all(): readonly tf.Tensor[] {
    return this.weights;
  }

  /** Adds gradients in the order of `all`, and takes them over. */
  addGradients(grads: tf.Tensor[]): void {
    const sums = this.grads.length === 0 ? grads : grads.map((gradient, i) => tf.add(gradient, this.grads[i]));
    if (this.grads.length > 0) tf.dispose([this.grads, grads]);
    this.grads = sums.map((sum) => tf.keep(sum));
  }

  /** One AdamW step, as `Engine.applyGradients` has it. */
  async step({ gradientClip, weightDecay, ...settings }: AdamWSettings): Promise<number> {
    const gradientNorm = await this.gradientNorm();
    if (this.grads.length > 0 && Number.isFinite(gradientNorm)) {
      this.makeMoments();
      this.steps++;
      // PyTorch's clip_grad_norm_ adds the same 1e-6.
      const gradientScale = Math.min(1, gradientClip / (gradientNorm + 1e-6));
      this.weights.forEach((weight, i) => {
        const decay = weight.shape.length === 2 ? weightDecay : 0;
        const all = { ...settings, weightDecay: decay, gradientScale, step: this.steps };
        const next = this.optimizer.adamW(weight, this.grads[i], this.first[i], this.second[i], all);
        tf.dispose([weight, this.first[i], this.second[i]]);
        this.weights[i] = tf.keep(next.weight);
        this.first[i] = tf.keep(next.first);
        this.second[i] = tf.keep(next.second);
      });
      this.version++;
    }
    tf.dispose(this.grads);
    this.grads = [];
    return gradientNorm;
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

  /** 0 where nothing was accumulated. */
  private async gradientNorm(): Promise<number> {
    if (this.grads.length === 0) return 0;
    const norm = this.optimizer.globalNorm(this.grads);
    const [value] = await norm.data();
    norm.dispose();
    return value;
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
