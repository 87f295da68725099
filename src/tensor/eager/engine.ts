/** The eager interpreter: whichever tfjs backend is active runs a program op by op, and tfjs differentiates it. */
import * as tf from "@tensorflow/tfjs";
import type { BackendInfo } from "../../core/events";
import type { Decoder, DecoderModel, DecoderSettings } from "../decoder";
import type { AdamWSettings, Engine, EngineOptions, NamedArrays, OptimizerState } from "../engine";
import type { Linear, Loss, Ops } from "../ops";
import { adamW, globalNorm } from "../ops/adamw";
import { type CacheSlabs, makeCacheSlabs } from "../ops/decode-attention";
import type { Evaluation, InputSpec, Inputs, Objective, Scope } from "../program";
import { EagerDecoder } from "./decoder";
import { differentiate } from "./gradient";
import { referenceOps } from "./ops";
import { EagerParameters, type Optimizer } from "./parameters";
import { kept, readOut } from "./scope";
import { optimizer as wasmOptimizer } from "./wasm/adamw";
import { makeCacheSlabs as makeWasmCacheSlabs } from "./wasm/decode-attention";
import { wasmOps } from "./wasm/ops";

/** At the smallest policy's size, about 80 MB of activations. */
const defaultTokenBudget = 2048;

type AttentionShape = DecoderModel["shape"];

/** What differs between the tfjs backends. */
interface Interpreter {
  ops: Ops<tf.Tensor>;
  optimizer: Optimizer;
  makeCacheSlabs: (rows: number, capacity: number, shape: AttentionShape) => CacheSlabs;
}

const reference: Interpreter = { ops: referenceOps, optimizer: { adamW, globalNorm }, makeCacheSlabs };
const wasm: Interpreter = { ops: wasmOps, optimizer: wasmOptimizer, makeCacheSlabs: makeWasmCacheSlabs };

class EagerEngine implements Engine {
  readonly info: BackendInfo;
  readonly tokenBudget: number;
  readonly #parameters: EagerParameters;
  readonly #interpreter: Interpreter;
  readonly #joined: JoinedOnce;

  constructor(info: BackendInfo, { parameters, tokenBudget = defaultTokenBudget }: EngineOptions) {
    this.info = info;
    this.tokenBudget = tokenBudget;
    this.#interpreter = info.name === "wasm" ? wasm : reference;
    this.#parameters = new EagerParameters(parameters, this.#interpreter.optimizer);
    this.#joined = new JoinedOnce(this.#interpreter.ops, () => this.#parameters.version);
  }

  evaluate(program: Evaluation, inputs: Inputs): Promise<Float32Array[]> {
    return readOut(() => program.run(this.#inference(inputsOf(program.inputs, inputs))));
  }

  async accumulate(program: Objective, inputs: Inputs): Promise<Float32Array[]> {
    let losses: Loss<tf.Tensor>[] = [];
    const { value, grads } = differentiate(() => {
      const input = inputsOf(program.inputs, inputs);
      losses = program.run({ ops: this.#interpreter.ops, parameter: (name) => this.#parameters.get(name), input });
      for (const { statistics } of losses) tf.keep(statistics);
      return losses.map(({ loss }) => loss);
    }, [...this.#parameters.all()]);
    this.#parameters.addGradients(grads);
    const statistics = losses.map((loss) => loss.statistics);
    const numbers = await Promise.all(statistics.map((tensor) => tensor.data<"float32">()));
    tf.dispose([value, ...statistics]);
    return numbers.map((list) => new Float32Array(list));
  }

  async update(
    program: Objective,
    inputs: Inputs,
    settings: AdamWSettings,
  ): Promise<{ statistics: Float32Array[]; gradientNorm: number }> {
    const statistics = await this.accumulate(program, inputs);
    return { statistics, ...(await this.applyGradients(settings)) };
  }

  async applyGradients(settings: AdamWSettings): Promise<{ gradientNorm: number }> {
    return { gradientNorm: await this.#parameters.step(settings) };
  }

  /** Nothing bounds it here: caches are in the browser's memory. */
  rowsAtMost(): number {
    return Infinity;
  }

  makeDecoder(model: DecoderModel, settings: DecoderSettings): Decoder {
    const slabs = Array.from({ length: model.layers }, () =>
      this.#interpreter.makeCacheSlabs(settings.rows, settings.capacity, model.shape),
    );
    return new EagerDecoder(model, settings, slabs, (inputs) => this.#inference(inputs));
  }

  values(): Promise<NamedArrays> {
    return this.#parameters.values();
  }

  gradients(): Promise<NamedArrays> {
    return this.#parameters.gradients();
  }

  optimizerState(): Promise<OptimizerState> {
    return this.#parameters.optimizerState();
  }

  loadOptimizerState(state: OptimizerState): void {
    this.#parameters.loadOptimizerState(state);
  }

  memory(): { tensors: number; bytes: number } {
    const { numTensors, numBytes } = tf.memory();
    return { tensors: numTensors, bytes: numBytes };
  }

  dispose(): void {
    this.#joined.forget();
    this.#parameters.dispose();
  }

  /** Joined weights are made once and kept until the parameters change. */
  #inference(input: (name: string) => tf.Tensor): Scope<tf.Tensor> {
    return { ops: this.#joined.ops, parameter: (name) => this.#parameters.get(name), input };
  }
}

/** The ops of an interpreter, but a weight is made ready once for as many products as its values last. */
class JoinedOnce {
  readonly ops: Ops<tf.Tensor>;
  readonly #made = new Map<tf.Tensor, { value: Linear<tf.Tensor>; dispose: () => void }>();
  readonly #version: () => number;
  #madeFor = -1;

  constructor(ops: Ops<tf.Tensor>, version: () => number) {
    this.ops = { ...ops, joinLinear: (weights, biases) => this.#join(ops, weights, biases) };
    this.#version = version;
  }

  forget(): void {
    for (const { dispose } of this.#made.values()) dispose();
    this.#made.clear();
  }

  #join(ops: Ops<tf.Tensor>, weights: tf.Tensor[], biases: tf.Tensor[]): Linear<tf.Tensor> {
    if (this.#madeFor !== this.#version()) this.forget();
    this.#madeFor = this.#version();
    const known = this.#made.get(weights[0]);
    if (known) return known.value;
    const made = kept(() => ops.joinLinear(weights, biases));
    this.#made.set(weights[0], made);
    return made.value;
  }
}

/** The inputs as tensors of the enclosing scope. Throws a RangeError for one that is missing. */
export function inputsOf(specs: Record<string, InputSpec>, inputs: Inputs): (name: string) => tf.Tensor {
  const tensors = Object.entries(specs).map(([name, { type }]) => {
    const values = inputs[name];
    if (!values) throw new RangeError(`The input ${name} is missing.`);
    return [name, tf.tensor1d(values, type)] as const;
  });
  const byName = new Map(tensors);
  return (name) => {
    const found = byName.get(name);
    if (!found) throw new RangeError(`The program has no input named ${name}.`);
    return found;
  };
}

/** An engine on the active tfjs backend, which `info` describes. */
export function makeEagerEngine(info: BackendInfo, options: EngineOptions): Engine {
  return new EagerEngine(info, options);
}
