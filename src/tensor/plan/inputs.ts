/**
 * What a run of a plan brings along, its sizes and its inputs, on both sides. Inputs stand in the GPU's buffer where
 * their largest size leaves room. A run fills little of that, so what it fills is put together here without gaps,
 * uploaded in one piece, and copied to its places on the GPU. Where all of the room is small, it is uploaded as it
 * stands.
 */
import type { Inputs } from "../program";
import type { Gpu } from "./gpu";
import { type Sizes, sizesBytes, sizeNames } from "./kernel";
import type { PlanInput, Recorder } from "./recorder";
import { alignment, isVirtual } from "./tensor";

/** Rows are counted in fours, so that no product meets an odd number; those too many weigh nothing. */
const rowsInGroup = 4;

/** Bytes that are uploaded sooner than the copies that they would save are asked for: a microsecond each. */
const smallBytes = 2 ** 14;

/** An input's numbers in a run. */
interface List {
  input: PlanInput;
  values: Int32Array | Float32Array;
  /** Their first byte in the GPU's buffer. */
  place: number;
}

/** The sizes and inputs of one plan. */
export class InputBuffer {
  /** What kernels read: the sizes, then each input at its place. */
  readonly buffer: GPUBuffer;
  readonly #gpu: Gpu;
  readonly #inputs: readonly { input: PlanInput; place: number }[];
  readonly #capacity: Sizes;
  /** Sizes that are the same in every run. */
  readonly #fixed: Sizes | undefined;
  /** Where a run's inputs arrive, to be copied to their places; null where they are written there. */
  readonly #arrivals: GPUBuffer | null;
  /** What is uploaded, from its beginning to `#end`. */
  readonly #staged: ArrayBuffer;
  #end = 0;
  #lists: readonly List[] = [];
  /** The sizes for which `#lists` and `#end` hold. */
  #laidOut: Sizes | null = null;

  constructor(gpu: Gpu, { inputs, capacity, allInputs, sizes }: Recorder) {
    this.#gpu = gpu;
    this.#fixed = sizes;
    this.#capacity = capacity;
    let bytes = alignment;
    this.#inputs = inputs.map((input) => {
      const place = bytes;
      bytes += Math.ceil(input.tensor.storage.bytes / alignment) * alignment;
      return { input, place };
    });
    this.#staged = new ArrayBuffer(bytes);
    const { UNIFORM, STORAGE, COPY_DST, COPY_SRC } = GPUBufferUsage;
    this.buffer = gpu.makeBuffer("inputs", bytes, UNIFORM | STORAGE | COPY_DST);
    this.#arrivals = bytes > smallBytes ? gpu.makeBuffer("arriving inputs", bytes, COPY_SRC | COPY_DST) : null;
    if (isVirtual(allInputs.storage)) allInputs.storage.placed = { buffer: this.buffer, offset: 0, bytes };
    for (const { input, place } of this.#inputs) {
      const { storage } = input.tensor;
      if (isVirtual(storage)) storage.placed = { buffer: this.buffer, offset: place, bytes: storage.bytes };
    }
  }

  /** Whether what is written has to be spread before it is read. */
  get spreads(): boolean {
    return this.#arrivals !== null;
  }

  /**
   * Uploads what a run is given, filled up to whole groups, and what is worked out from that; the sizes it has then.
   *
   * @throws RangeError where an input is missing, does not fit, or differs in length from others of its size
   */
  write(given: Inputs): Sizes {
    const sizes = this.#fixed ?? this.#sizesOf(given);
    if (sizeNames.some((name) => sizes[name] !== this.#laidOut?.[name])) this.#layOut(sizes);
    for (const { input, values } of this.#lists) {
      if (!input.from) fillUp(values, given[input.name], input);
      else input.from(this.#wholeNumbers(input.name), this.#wholeNumbers);
    }
    this.#gpu.device.queue.writeBuffer(this.#arrivals ?? this.buffer, 0, this.#staged, 0, this.#end);
    return sizes;
  }

  /** Appends the copies that bring what was uploaded to its places. */
  spread(encoder: GPUCommandEncoder): void {
    if (!this.#arrivals) return;
    encoder.copyBufferToBuffer(this.#arrivals, 0, this.buffer, 0, sizesBytes);
    for (const { place, values } of this.#lists) {
      encoder.copyBufferToBuffer(this.#arrivals, values.byteOffset, this.buffer, place, values.byteLength);
    }
  }

  dispose(): void {
    this.#gpu.destroy(this.buffer);
    if (this.#arrivals) this.#gpu.destroy(this.#arrivals);
  }

  /** Decides where in what is uploaded each input stands in runs of these sizes. */
  #layOut(sizes: Sizes): void {
    let end = sizesBytes;
    this.#lists = this.#inputs.map(({ input, place }) => {
      const start = this.#arrivals ? end : place;
      const count = (input.columns ?? 1) * (typeof input.size === "number" ? input.size : sizes[input.size]);
      end = start + 4 * count;
      const Values = input.type === "int32" ? Int32Array : Float32Array;
      return { input, place, values: new Values(this.#staged, start, count) };
    });
    new Uint32Array(this.#staged).set(sizeNames.map((name) => sizes[name]));
    this.#end = end;
    this.#laidOut = sizes;
  }

  readonly #wholeNumbers = (name: string): Int32Array => {
    const found = this.#lists.find(({ input }) => input.name === name);
    if (!(found?.values instanceof Int32Array)) throw new RangeError(`The plan has no whole numbers named ${name}.`);
    return found.values;
  };

  #sizesOf(given: Inputs): Sizes {
    const lengths: Partial<Sizes> = {};
    for (const { input } of this.#inputs) {
      const { name, size, columns = 1, from } = input;
      if (typeof size === "number" || from || !given[name]) continue;
      const length = given[name].length / columns;
      if (lengths[size] !== undefined && lengths[size] !== length)
        throw new RangeError(`The input ${name} is for ${length} ${size}, others are for ${lengths[size]}.`);
      if (roundUp(length) > this.#capacity[size])
        throw new RangeError(`${length} ${size} do not fit into a plan for ${this.#capacity[size]}.`);
      lengths[size] = length;
    }
    const sizeOf = (name: keyof Sizes): number => roundUp(lengths[name] ?? 0);
    return { tokens: sizeOf("tokens"), places: sizeOf("places"), copies: sizeOf("copies") };
  }
}

function roundUp(count: number): number {
  return Math.max(rowsInGroup, Math.ceil(count / rowsInGroup) * rowsInGroup);
}

/** Writes what was given, and after it what stands for nothing. */
function fillUp(
  values: Int32Array | Float32Array,
  own: Int32Array | Float32Array | undefined,
  { name, padding }: PlanInput & { from?: undefined },
): void {
  if (!own) throw new RangeError(`The input ${name} is missing.`);
  values.set(own);
  if (padding !== "index") values.fill(padding === "none" ? -1 : 0, own.length);
  else for (let i = own.length; i < values.length; i++) values[i] = i;
}
