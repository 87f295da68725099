/**
 * What a run of a plan brings along, its sizes and its inputs, on both sides. Inputs stand in the GPU's buffer where
 * their largest size leaves room. A run fills little of that, so what it fills is put together here without gaps,
 * uploaded in one piece, and copied to its places on the GPU.
 */
import type { Inputs } from "../program";
import type { Gpu } from "./gpu";
import { type Sizes, sizeNames } from "./kernel";
import type { PlanInput, Recorder } from "./recorder";
import { alignment, isVirtual } from "./tensor";

/** Rows are counted in fours, so that no product meets an odd number; those too many weigh nothing. */
const rowsInGroup = 4;

/** Bytes up to which everything is written to its place as it stands, gaps and all. */
const smallBytes = 2 ** 14;

/** The uniform that holds the sizes. */
export const sizesBytes = 16;

/** An input's numbers in the run that is being written, and their first byte in what is uploaded. */
interface List {
  input: PlanInput;
  values: Int32Array | Float32Array;
}

export class InputBuffer {
  readonly buffer: GPUBuffer;
  readonly #gpu: Gpu;
  readonly #inputs: readonly PlanInput[];
  /** Each input's first byte in the buffer. */
  readonly #offsets: readonly number[];
  readonly #capacity: Sizes;
  readonly #fixed: Sizes | undefined;
  /** Where the inputs of a run arrive; null where they are written to their places. */
  readonly #arrivals: GPUBuffer | null;
  readonly #staged: ArrayBuffer;
  #laid: Sizes | null = null;
  #lists: readonly List[] = [];
  #bytes = 0;

  constructor(gpu: Gpu, { inputs, capacity, allInputs, sizes }: Recorder) {
    this.#gpu = gpu;
    this.#inputs = inputs;
    this.#fixed = sizes;
    this.#capacity = capacity;
    let bytes = alignment;
    this.#offsets = inputs.map(({ tensor }) => {
      const offset = bytes;
      bytes += Math.ceil(tensor.storage.bytes / alignment) * alignment;
      return offset;
    });
    this.#staged = new ArrayBuffer(bytes);
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    this.buffer = gpu.makeBuffer("inputs", bytes, usage);
    this.#arrivals =
      bytes <= smallBytes
        ? null
        : gpu.makeBuffer("arriving inputs", bytes, GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST);
    if (isVirtual(allInputs.storage)) allInputs.storage.placed = { buffer: this.buffer, offset: 0, bytes };
    inputs.forEach(({ tensor: { storage } }, i) => {
      if (isVirtual(storage)) storage.placed = { buffer: this.buffer, offset: this.#offsets[i], bytes: storage.bytes };
    });
  }

  /**
   * Uploads what a run is given, filled up to whole groups, and what is worked out from that; the sizes it has then.
   *
   * @throws RangeError where an input is missing, does not fit, or differs in length from others of its size
   */
  write(given: Inputs): Sizes {
    const sizes = this.#fixed ?? this.#sizesOf(given);
    if (sizeNames.some((name) => sizes[name] !== this.#laid?.[name])) this.#layOut(sizes);
    for (const { input, values } of this.#lists) {
      if (input.from) {
        if (values instanceof Int32Array) input.from(values, this.#wholeNumbers);
      } else fillUp(values, given[input.name], input);
    }
    this.#gpu.device.queue.writeBuffer(this.#arrivals ?? this.buffer, 0, this.#staged, 0, this.#bytes);
    return sizes;
  }

  /** Appends the copies that bring what was uploaded to its places. */
  spread(encoder: GPUCommandEncoder): void {
    const { buffer } = this;
    const arrivals = this.#arrivals;
    if (!arrivals) return;
    encoder.copyBufferToBuffer(arrivals, 0, buffer, 0, sizesBytes);
    this.#lists.forEach(({ values: { byteOffset, byteLength } }, i) => {
      encoder.copyBufferToBuffer(arrivals, byteOffset, buffer, this.#offsets[i], byteLength);
    });
  }

  dispose(): void {
    this.#gpu.destroy(this.buffer);
    if (this.#arrivals) this.#gpu.destroy(this.#arrivals);
  }

  /** Where in what is uploaded each input stands in runs of these sizes. */
  #layOut(sizes: Sizes): void {
    const words = new Uint32Array(this.#staged, 0, sizeNames.length);
    sizeNames.forEach((name, i) => (words[i] = sizes[name]));
    let end = sizesBytes;
    this.#lists = this.#inputs.map((input, i) => {
      const start = this.#arrivals ? end : this.#offsets[i];
      const count = (input.columns ?? 1) * (typeof input.size === "number" ? input.size : sizes[input.size]);
      end = start + 4 * count;
      const Values = input.type === "int32" ? Int32Array : Float32Array;
      return { input, values: new Values(this.#staged, start, count) };
    });
    this.#bytes = end;
    this.#laid = sizes;
  }

  readonly #wholeNumbers = (name: string): Int32Array => {
    const found = this.#lists.find(({ input }) => input.name === name);
    if (!(found?.values instanceof Int32Array)) throw new RangeError(`The plan has no whole numbers named ${name}.`);
    return found.values;
  };

  #sizesOf(given: Inputs): Sizes {
    const lengths: Partial<Sizes> = {};
    for (const { name, size, columns = 1, from } of this.#inputs) {
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
  { name, padding }: PlanInput,
): void {
  if (!own) throw new RangeError(`The input ${name} is missing.`);
  values.set(own);
  if (padding !== "index") values.fill(padding === "none" ? -1 : 0, own.length);
  else for (let i = own.length; i < values.length; i++) values[i] = i;
}
