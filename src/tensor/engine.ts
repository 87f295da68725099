/**
 * One set of parameters on a backend, and what can be done with them. Two interpreters stand behind this door: the
 * eager one (./eager) and compiled plans (./plan); nothing outside this room knows which.
 */
import type { BackendInfo } from "../core/events";
import type { Decoder, DecoderModel, DecoderSettings } from "./decoder";
import type { Evaluation, Inputs, Objective } from "./program";

/** Values by name, outside any backend. */
export type NamedArrays = Map<string, { shape: number[]; values: Float32Array }>;

export interface AdamWSettings {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Decoupled; applied to two-dimensional weights only. */
  weightDecay: number;
  /** Global-norm bound of the gradient. */
  gradientClip: number;
}

export interface OptimizerState {
  /** AdamW steps taken. */
  step: number;
  first: NamedArrays;
  second: NamedArrays;
}

export interface Engine {
  readonly info: BackendInfo;
  /** Tokens that one run of a program may hold; callers cut larger batches, so memory is bounded by it. */
  readonly tokenBudget: number;
  /** Runs a program; its handles' values, in order. */
  evaluate(program: Evaluation, inputs: Inputs): Promise<Float32Array[]>;
  /** Adds the gradient of the program's losses to the accumulated gradient; their statistics, one list per loss. */
  accumulate(program: Objective, inputs: Inputs): Promise<Float32Array[]>;
  /** `accumulate`, then `applyGradients`, as one piece of work. */
  update(
    program: Objective,
    inputs: Inputs,
    settings: AdamWSettings,
  ): Promise<{ statistics: Float32Array[]; gradientNorm: number }>;
  /**
   * One AdamW step on the accumulated gradient, which it clears. Returns the norm before clipping; where that is not
   * finite, no step was taken and the parameters are as before.
   */
  applyGradients(settings: AdamWSettings): Promise<{ gradientNorm: number }>;
  /** Rows of `capacity` tokens whose caches fit into the memory: at least one. */
  rowsAtMost(model: DecoderModel, capacity: number): number;
  makeDecoder(model: DecoderModel, settings: DecoderSettings): Decoder;
  values(): Promise<NamedArrays>;
  /** The accumulated gradients; they stay. */
  gradients(): Promise<NamedArrays>;
  optimizerState(): Promise<OptimizerState>;
  /** Throws a RangeError where a moment is missing or misshapen. */
  loadOptimizerState(state: OptimizerState): void;
  memory(): { tensors: number; bytes: number };
  dispose(): void;
}

/** How a decoder's caches hold their numbers; whatever is computed with them is computed in single precision. */
export type CacheStorage = "f32" | "f16";

/** Bytes of a number in a cache. */
export const storedBytes: Record<CacheStorage, number> = { f32: 4, f16: 2 };

/** Bytes that an engine may take on a GPU where nothing else is said: a gibibyte. */
export const defaultMemory = 2 ** 30;

/** What an engine is made of. */
export interface EngineOptions {
  parameters: NamedArrays;
  /**
   * Parameters that the model joins, in the order in which they are joined; each belongs to one group at most. An
   * engine may lay a group's members out side by side.
   */
  joined: readonly (readonly string[])[];
  /** Bytes that a training step of the model holds for each token. */
  activationBytes: number;
  /** Tokens of the longest sequence that may occur. */
  longest: number;
  /** Tokens that one run may hold; what suits the backend and the memory where it is not given. */
  tokenBudget?: number;
  /** Bytes that all of it may take on the GPU; `defaultMemory` where it is not given. */
  memoryBudget?: number;
  /** `f32` where it is not given; an engine without a GPU stores nothing otherwise. */
  cacheStorage?: CacheStorage;
  /** Told how many of the kernels that are needed next are compiled. */
  onCompiled?: (done: number, total: number) => void;
}
