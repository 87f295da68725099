/**
 * The build-time tape. An op appends its forward steps and leaves a closure that appends its backward ones; `backward`
 * runs the closures once, in reverse. What is left is a list of steps, which `compile` (./plan) turns into commands.
 */
import type { Size } from "../program";
import type { Kernel, SizeName, Sizes } from "./kernel";
import type { ParameterPlace, PlanTensor, Region, Storage, VirtualBuffer } from "./tensor";
import type { Tuning } from "./tuning";

export type Grid = readonly [x: number, y: number, z: number];

export interface Step {
  kernel: Kernel;
  /** In the order of the kernel's bindings. */
  storages: readonly Storage[];
  /** In the order of the kernel's constants; an input stands for its place among the inputs, in numbers. */
  constants: readonly (number | PlanTensor)[];
  grid: (sizes: Sizes) => Grid;
}

/** Numbers that a run brings along. */
interface GivenNumbers {
  type: "float32" | "int32";
  size: Size | SizeName;
  /** Numbers for each of what the size counts. */
  columns?: number;
  /** What fills a size up: zeros, each one's own index, or a mark that no index equals. */
  padding: "zero" | "index" | "none";
  from?: undefined;
}

/**
 * Works numbers out from other inputs that the plan was asked for before, filled up. It has to write every one of `to`,
 * which holds whatever stood there.
 */
export type Derivation = (to: Int32Array, inputs: (name: string) => Int32Array) => void;

interface DerivedNumbers {
  type: "int32";
  size: Size | SizeName;
  columns?: undefined;
  from: Derivation;
}

export type PlanInput = (GivenNumbers | DerivedNumbers) & { name: string; tensor: PlanTensor };

/** Where parameters, and what belongs to them, stand. */
export interface ParameterRegions {
  values(place: ParameterPlace): Region;
  /** Accumulated gradients. */
  gradients(place: ParameterPlace): Region;
  /** The same in `slices` partial sums, `stride` numbers apart, that are added up after the plan's last step. */
  partial(place: ParameterPlace): Region;
  slices: number;
  stride: number;
}

export interface RecorderOptions {
  capacity: Sizes;
  tuning: Tuning;
  parameters: ParameterRegions;
  /**
   * What the plan is for. `train`: what the backward pass reads is kept. `decode`: steps may be left to their readers,
   * because their number is what costs.
   */
  mode: "train" | "evaluate" | "decode";
  /** Numbers that never change, in a buffer that all plans share. */
  constant: (name: string, values: () => Float32Array) => PlanTensor;
  /** Sizes that are the same in every run. */
  sizes?: Sizes;
}

export class Recorder {
  readonly capacity: Sizes;
  readonly tuning: Tuning;
  readonly parameters: ParameterRegions;
  readonly mode: RecorderOptions["mode"];
  readonly constant: RecorderOptions["constant"];
  readonly sizes: Sizes | undefined;
  readonly steps: Step[] = [];
  readonly inputs: PlanInput[] = [];
  readonly #tape: (() => void)[] = [];
  readonly #gradients = new Map<Storage, PlanTensor>();
  readonly #done = new WeakSet<object>();
  readonly #allInputs: VirtualBuffer = { label: "inputs", bytes: 0, placed: null };

  constructor({ capacity, tuning, parameters, mode, constant, sizes }: RecorderOptions) {
    this.capacity = capacity;
    this.tuning = tuning;
    this.parameters = parameters;
    this.mode = mode;
    this.constant = constant;
    this.sizes = sizes;
  }

  /** Room for a matrix, until no step reads it any more. */
  make(label: string, rows: SizeName | number, columns: number, stride = columns): PlanTensor {
    const bytes = Math.max(16, this.count(rows) * stride * 4);
    const storage: VirtualBuffer = { label, bytes, placed: null };
    return { rows, columns, stride, storage };
  }

  /** The largest number of rows that may occur. */
  count(rows: SizeName | number): number {
    return typeof rows === "number" ? rows : this.capacity[rows];
  }

  /** The number of rows in a run of given sizes. */
  countOf({ rows }: Pick<PlanTensor, "rows">, sizes: Sizes): number {
    return typeof rows === "number" ? rows : sizes[rows];
  }

  /** An input of the plan; asked for by one name, it is the same. */
  input(name: string, spec: GivenNumbers | DerivedNumbers): PlanTensor {
    const known = this.inputs.find((input) => input.name === name);
    if (known) return known.tensor;
    const tensor = this.make(name, spec.size, spec.columns ?? 1);
    this.inputs.push({ ...spec, name, tensor });
    return tensor;
  }

  /** An input that is worked out from others, on the processor, for each run. */
  derive(name: string, size: Size | SizeName, from: Derivation): PlanTensor {
    return this.input(name, { type: "int32", size, from });
  }

  /** The name of the input that a tensor is. Throws an Error for any other tensor. */
  nameOf(tensor: PlanTensor): string {
    const found = this.inputs.find((input) => input.tensor.storage === tensor.storage);
    if (!found) throw new Error("This op takes an input of the plan here, not something computed.");
    return found.name;
  }

  /** True the first time that it is asked about `what`. */
  first(what: object): boolean {
    const known = this.#done.has(what);
    this.#done.add(what);
    return !known;
  }

  /** Appends a step. Throws an Error where a binding or a constant of the kernel is missing. */
  dispatch(
    kernel: Kernel,
    bindings: Record<string, PlanTensor | Region>,
    constants: Record<string, number | PlanTensor>,
    grid: Step["grid"],
  ): void {
    const storages = kernel.bindings.map(({ name }) => {
      const bound = bindings[name];
      if (!bound) throw new Error(`The kernel ${kernel.name} is not told where ${name} stands.`);
      return "storage" in bound ? bound.storage : bound;
    });
    const numbers = Object.keys(kernel.constants).map((name) => {
      const value = constants[name];
      if (value === undefined) throw new Error(`The kernel ${kernel.name} is not told its constant ${name}.`);
      return value;
    });
    this.steps.push({ kernel, storages, constants: numbers, grid });
  }

  /** Leaves a closure for the backward pass; it runs only where a gradient has reached `y`. */
  onBackward(y: PlanTensor, append: (dy: PlanTensor) => void): void {
    this.onBackwardOf([y], ([dy]) => {
      if (dy) append(dy);
    });
  }

  /** The same for an op with several results; it runs where a gradient has reached any of them. */
  onBackwardOf(ys: readonly PlanTensor[], append: (dys: (PlanTensor | undefined)[]) => void): void {
    this.#tape.push(() => {
      const dys = ys.map(({ storage }) => this.#gradients.get(storage));
      if (dys.some((dy) => dy !== undefined)) append(dys);
    });
  }

  /** Runs the closures, last one first. */
  backward(): void {
    for (const append of this.#tape.splice(0).reverse()) append();
  }

  /** Hands a gradient on as it is; for a tensor that has none yet. */
  passGradient(x: PlanTensor, dy: PlanTensor): void {
    if (x.parameter || this.#gradients.has(x.storage)) throw new Error("A gradient that adds needs a step.");
    this.#gradients.set(x.storage, dy);
  }

  /** Where the gradient of `x` is to be written, and whether it adds to what stands there (1) or not (0). */
  gradient(x: PlanTensor): { dx: PlanTensor; adds: 0 | 1 } {
    const { parameter, rows, columns, stride } = x;
    if (parameter) {
      const storage = this.parameters.gradients(parameter);
      return { dx: { rows, columns, stride, storage }, adds: 1 };
    }
    const known = this.#gradients.get(x.storage);
    if (known) return { dx: known, adds: 1 };
    const dx = this.make("gradient", rows, columns, stride);
    this.#gradients.set(x.storage, dx);
    return { dx, adds: 0 };
  }

  /**
   * Where the gradient of a parameter is added up in slices, `stride` numbers apart; the slices start at zero and are
   * added to the gradient after the plan's last step.
   */
  partialGradient(x: PlanTensor): { storage: Region; slices: number; stride: number } {
    if (!x.parameter) throw new Error("Only a parameter's gradient is cut into slices.");
    const { slices, stride } = this.parameters;
    return { storage: this.parameters.partial(x.parameter), slices, stride };
  }

  /** Whether `x` has a gradient already. */
  hasGradient(x: PlanTensor): boolean {
    return x.parameter !== undefined || this.#gradients.has(x.storage);
  }

  /** All inputs as one buffer, for a kernel that is told by constants where in it the single ones stand. */
  get allInputs(): PlanTensor {
    return { rows: 1, columns: 1, stride: 1, storage: this.#allInputs };
  }
}
