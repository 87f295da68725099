/**
 * Buffers for what plans compute on the way. Only one plan runs at a time, so all share them: within a plan a buffer
 * goes from one tensor to the next as soon as nobody reads the first any more.
 */
import type { Gpu } from "./gpu";
import { alignment } from "./tensor";

export interface PoolSession {
  /** The smallest free buffer that holds `bytes`, or a new one. */
  take(bytes: number): GPUBuffer;
  giveBack(buffer: GPUBuffer): void;
}

export class BufferPool {
  readonly #gpu: Gpu;
  readonly #buffers: GPUBuffer[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** For placing one plan's tensors: at its beginning every buffer is free. */
  begin(): PoolSession {
    const free = [...this.#buffers];
    return {
      take: (bytes) => {
        const fitting = free.filter((buffer) => buffer.size >= bytes).sort((a, b) => a.size - b.size);
        const found = fitting[0] ?? this.#make(bytes);
        const at = free.indexOf(found);
        if (at >= 0) free.splice(at, 1);
        return found;
      },
      giveBack: (buffer) => free.push(buffer),
    };
  }

  dispose(): void {
    for (const buffer of this.#buffers.splice(0)) this.#gpu.destroy(buffer);
  }

  #make(bytes: number): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.#gpu.makeBuffer("activations", Math.ceil(bytes / alignment) * alignment, usage);
    this.#buffers.push(buffer);
    return buffer;
  }
}
