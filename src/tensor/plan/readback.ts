/** Reading from the GPU without blocking: buffers that can be mapped, used again and again. */
import { FaultError } from "../../core/result";
import type { Gpu } from "./gpu";

export class Readback {
  readonly #gpu: Gpu;
  readonly #free: GPUBuffer[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** A buffer to copy to, of at least that size; give it back by `read` or `abandon`. */
  staging(bytes: number): GPUBuffer {
    const at = this.#free.findIndex((buffer) => buffer.size >= bytes);
    if (at >= 0) return this.#free.splice(at, 1)[0];
    return this.#gpu.makeBuffer("staging", bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  }

  /** What was copied to a staging buffer, once the GPU has done it. Throws a FaultError where it cannot. */
  async read(staging: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    await this.#gpu.guard(staging.mapAsync(GPUMapMode.READ, 0, bytes));
    const copy = staging.getMappedRange(0, bytes).slice(0);
    staging.unmap();
    this.#free.push(staging);
    if (this.#gpu.fault) throw new FaultError(this.#gpu.fault);
    return copy;
  }

  /** Takes a staging buffer back that nobody will read. */
  abandon(staging: GPUBuffer): void {
    this.#free.push(staging);
  }

  dispose(): void {
    for (const buffer of this.#free.splice(0)) this.#gpu.destroy(buffer);
  }
}
