/**
 * Counts what a realm asks of WebGPU, whoever asks: the lab's engine, tfjs or another library. It stands between them
 * and the browser's own functions, so it sees exactly what the browser is told.
 */

/** What was asked for since the last count. */
export interface GpuCounts {
  dispatches: number;
  submits: number;
  /** Calls of `writeBuffer`. */
  writes: number;
  newBuffers: number;
  newBindGroups: number;
  newPipelines: number;
  /** Calls of `mapAsync`. */
  readbacks: number;
}

const none: GpuCounts = {
  dispatches: 0,
  submits: 0,
  writes: 0,
  newBuffers: 0,
  newBindGroups: 0,
  newPipelines: 0,
  readbacks: 0,
};

/** What JavaScript spent on commands since the last count, in milliseconds. */
export interface GpuTimes {
  /** When the first command encoder was made, on the meter's clock; null where none was. */
  firstEncoder: number | null;
  /** From the making of a command encoder until its commands were submitted, all submissions together. */
  encoding: number;
}

type Method = (this: unknown, ...given: unknown[]) => unknown;

/** Replaces a method of a class by one that calls `before`, the method, and then `after` with what it gave. */
function intercept(
  holder: object,
  name: string,
  after: (self: unknown, result: unknown) => void,
  before: () => void = () => undefined,
): void {
  const original: unknown = Reflect.get(holder, name);
  if (typeof original !== "function") return;
  const replacement: Method = function (...given) {
    before();
    const result: unknown = Reflect.apply(original, this, given);
    after(this, result);
    return result;
  };
  Reflect.defineProperty(holder, name, { value: replacement, writable: true, configurable: true });
}

export class GpuMeter {
  readonly #now: () => number;
  #counts: GpuCounts = { ...none };
  #times: GpuTimes = { firstEncoder: null, encoding: 0 };
  /** Since when commands are being encoded. */
  #encodingSince: number | null = null;
  readonly #alive = new Map<unknown, number>();

  /** Begins to count in this realm, for good. Where there is no WebGPU, everything stays zero. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    if (typeof GPUDevice === "undefined") return;
    const counting = (holder: object, names: readonly string[], what: keyof GpuCounts): void => {
      for (const name of names) intercept(holder, name, () => this.#counts[what]++);
    };
    counting(GPUComputePassEncoder.prototype, ["dispatchWorkgroups", "dispatchWorkgroupsIndirect"], "dispatches");
    intercept(
      GPUDevice.prototype,
      "createCommandEncoder",
      () => undefined,
      () => this.#beginEncoding(),
    );
    intercept(GPUQueue.prototype, "submit", () => this.#endEncoding());
    counting(GPUQueue.prototype, ["writeBuffer"], "writes");
    counting(GPUDevice.prototype, ["createBindGroup"], "newBindGroups");
    counting(GPUDevice.prototype, ["createComputePipeline", "createComputePipelineAsync"], "newPipelines");
    counting(GPUBuffer.prototype, ["mapAsync"], "readbacks");
    intercept(GPUDevice.prototype, "createBuffer", (_, buffer) => {
      this.#counts.newBuffers++;
      if (buffer instanceof GPUBuffer) this.#alive.set(buffer, buffer.size);
    });
    intercept(GPUBuffer.prototype, "destroy", (buffer) => this.#alive.delete(buffer));
  }

  /** What was asked for since this was called last. */
  take(): GpuCounts {
    const counts = this.#counts;
    this.#counts = { ...none };
    return counts;
  }

  /** What commands took since this was called last. */
  takeTimes(): GpuTimes {
    const times = this.#times;
    this.#times = { firstEncoder: null, encoding: 0 };
    return times;
  }

  #beginEncoding(): void {
    // Several encoders may be open at a time; the first one counts.
    this.#encodingSince ??= this.#now();
    this.#times.firstEncoder ??= this.#encodingSince;
  }

  #endEncoding(): void {
    this.#counts.submits++;
    if (this.#encodingSince !== null) this.#times.encoding += this.#now() - this.#encodingSince;
    this.#encodingSince = null;
  }

  /** Buffers made and not destroyed, and their bytes. */
  memory(): { buffers: number; bytes: number } {
    return { buffers: this.#alive.size, bytes: [...this.#alive.values()].reduce((sum, bytes) => sum + bytes, 0) };
  }
}
