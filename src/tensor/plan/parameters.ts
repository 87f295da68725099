/**
 * Parameters, gradients and moments as one flat buffer each. Joined parameters stand side by side without a gap, so
 * that a model's joined weights are one matrix here; whatever may be bound by itself begins where it can be.
 */
import type { EngineOptions, NamedArrays } from "../engine";
import type { FlatState } from "../ops/adamw";
import type { Gpu } from "./gpu";
import type { Readback } from "./readback";
import type { ParameterRegions } from "./recorder";
import { alignment, type ParameterPlace, type PlanTensor, type Region } from "./tensor";

type GivenParameters = Pick<EngineOptions, "parameters" | "joined">;

const alignedFloats = alignment / 4;

interface Named extends ParameterPlace {
  shape: number[];
}

/** Where each parameter stands; matrices first, so that weight decay ends at one place. */
function layOut({ parameters, joined }: GivenParameters): {
  places: Map<string, Named>;
  length: number;
  decaying: number;
} {
  const groupOf = new Map(joined.flatMap((names) => names.map((name) => [name, names] as const)));
  const places = new Map<string, Named>();
  let end = 0;
  const place = (names: readonly string[]): void => {
    for (const name of names) {
      const found = parameters.get(name);
      if (!found) throw new RangeError(`The joined parameter ${name} is not there.`);
      places.set(name, { offset: end, length: found.values.length, shape: found.shape });
      end += found.values.length;
    }
    end = Math.ceil(end / alignedFloats) * alignedFloats;
  };
  const placeAll = (matrices: boolean): void => {
    for (const [name, { shape }] of parameters) {
      if ((shape.length === 2) === matrices && !places.has(name)) place(groupOf.get(name) ?? [name]);
    }
  };
  placeAll(true);
  const decaying = end;
  placeAll(false);
  const inOrder = [...parameters.keys()].flatMap((name) => {
    const found = places.get(name);
    return found ? [[name, found] as const] : [];
  });
  return { places: new Map(inOrder), length: Math.max(end, alignedFloats), decaying };
}

export class FlatParameters {
  readonly length: number;
  readonly #gpu: Gpu;
  readonly #readback: Readback;
  /** In the order in which the parameters were given. */
  readonly #places: Map<string, Named>;
  readonly #decaying: number;
  readonly #weights: GPUBuffer;
  readonly #gradients: GPUBuffer;
  readonly #first: GPUBuffer;
  readonly #second: GPUBuffer;
  readonly #partial: GPUBuffer | null;
  readonly #slices: number;

  /** Uploads the values. `slices` is how many partial sums a weight's gradient is cut into. */
  constructor(gpu: Gpu, readback: Readback, options: GivenParameters, slices: number) {
    const { places, length, decaying } = layOut(options);
    this.#gpu = gpu;
    this.#readback = readback;
    this.#places = places;
    this.length = length;
    this.#decaying = decaying;
    this.#slices = slices;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const make = (label: string, copies = 1): GPUBuffer => gpu.makeBuffer(label, length * copies * 4, usage);
    this.#weights = make("weights");
    this.#gradients = make("gradients");
    this.#first = make("first moments");
    this.#second = make("second moments");
    this.#partial = slices > 1 ? make("partial gradients", slices) : null;
    this.#upload(this.#weights, options.parameters);
  }

  /** A parameter as an op is given it. Throws a RangeError for an unknown name. */
  tensor(name: string): PlanTensor {
    const found = this.#places.get(name);
    if (!found) throw new RangeError(`The model has no parameter named ${name}.`);
    const { shape, offset, length } = found;
    const [rows, columns] = shape.length === 2 ? shape : [1, shape[0]];
    const place = { offset, length };
    // A member of a group may begin anywhere; it is bound only as part of the group.
    const storage = { buffer: this.#weights, offset: offset * 4, bytes: length * 4 };
    return { rows, columns, stride: columns, storage, parameter: place };
  }

  get regions(): ParameterRegions {
    const region =
      (buffer: GPUBuffer) =>
      ({ offset, length }: ParameterPlace): Region => ({ buffer, offset: offset * 4, bytes: length * 4 });
    const partial = this.#partial;
    return {
      values: region(this.#weights),
      gradients: region(this.#gradients),
      partial: partial
        ? ({ offset, length }) => ({
            buffer: partial,
            offset: offset * 4,
            bytes: ((this.#slices - 1) * this.length + length) * 4,
          })
        : region(this.#gradients),
      slices: this.#slices,
      stride: this.length,
    };
  }

  /** The slices of partial gradients, where there are any. */
  get partial(): Region | null {
    return this.#partial && { buffer: this.#partial, offset: 0, bytes: this.#partial.size };
  }

  get state(): FlatState {
    const whole = (buffer: GPUBuffer): Region => ({ buffer, offset: 0, bytes: this.length * 4 });
    return {
      weights: whole(this.#weights),
      gradients: whole(this.#gradients),
      first: whole(this.#first),
      second: whole(this.#second),
      length: this.length,
      decaying: this.#decaying,
    };
  }

  values(): Promise<NamedArrays> {
    return this.#download(this.#weights);
  }

  gradients(): Promise<NamedArrays> {
    return this.#download(this.#gradients);
  }

  async moments(): Promise<{ first: NamedArrays; second: NamedArrays }> {
    const [first, second] = await Promise.all([this.#download(this.#first), this.#download(this.#second)]);
    return { first, second };
  }

  /** Throws a RangeError where a moment is missing or misshapen. */
  loadMoments(first: NamedArrays, second: NamedArrays): void {
    for (const moments of [first, second]) {
      for (const [name, { shape }] of this.#places) {
        if (moments.get(name)?.shape.join() !== shape.join())
          throw new RangeError(`The optimizer state has no moments of the right shape for ${name}.`);
      }
    }
    this.#upload(this.#first, first);
    this.#upload(this.#second, second);
  }

  dispose(): void {
    for (const buffer of [this.#weights, this.#gradients, this.#first, this.#second]) this.#gpu.destroy(buffer);
    if (this.#partial) this.#gpu.destroy(this.#partial);
  }

  #upload(buffer: GPUBuffer, arrays: NamedArrays): void {
    const flat = new Float32Array(this.length);
    for (const [name, { offset }] of this.#places) flat.set(arrays.get(name)?.values ?? [], offset);
    this.#gpu.device.queue.writeBuffer(buffer, 0, flat);
  }

  async #download(buffer: GPUBuffer): Promise<NamedArrays> {
    const bytes = this.length * 4;
    const staging = this.#readback.staging(bytes);
    const encoder = this.#gpu.device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes);
    this.#gpu.submit(encoder);
    const flat = new Float32Array(await this.#readback.read(staging, bytes));
    return new Map(
      [...this.#places].map(([name, { offset, length, shape }]) => [
        name,
        { shape: [...shape], values: flat.slice(offset, offset + length) },
      ]),
    );
  }
}
