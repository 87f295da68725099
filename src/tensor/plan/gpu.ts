/**
 * The device as plans use it: buffers that are counted, pipelines that are compiled once, and readback that never
 * blocks. A device that is lost, or that an error has made unreliable, turns every wait into a fault in plain words.
 */
import { FaultError, type Fault } from "../../core/result";
import type { Kernel } from "./kernel";

/** What of an adapter decides which kernels suit it. */
export interface AdapterTraits {
  /** Computes on the processor: no workgroup memory, no barriers, large register tiles. */
  software: boolean;
  /** Lanes of a subgroup where the feature is there and the number is fixed, else 0. */
  subgroupSize: number;
}

/** Ways in which a device fails. */
export type Sabotage = "lose" | "exhaust";

const lostHint = "The lab goes on from its last finished step on a new device; close other pages that use the GPU.";

export class Gpu {
  readonly device: GPUDevice;
  readonly traits: AdapterTraits;
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  /** Whoever waits for the device is told when it is lost. A promise for all would keep every wait there was. */
  readonly #waiting = new Set<(lost: Fault) => void>();
  #fault: Fault | null = null;
  #lost: Fault | null = null;
  #buffers = 0;
  #bytes = 0;

  constructor(device: GPUDevice, traits: AdapterTraits) {
    this.device = device;
    this.traits = traits;
    void device.lost.then(({ message }) => this.#tellLost(message));
    device.addEventListener("uncapturederror", (event) => {
      const { error } = event;
      this.#fault ??= error instanceof GPUOutOfMemoryError ? outOfMemory() : invalid(error.message);
    });
  }

  /** Live buffers and their bytes. */
  memory(): { tensors: number; bytes: number } {
    return { tensors: this.#buffers, bytes: this.#bytes };
  }

  makeBuffer(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    this.#buffers++;
    this.#bytes += bytes;
    return this.device.createBuffer({ label, size: bytes, usage });
  }

  destroy(buffer: GPUBuffer): void {
    this.#buffers--;
    this.#bytes -= buffer.size;
    buffer.destroy();
  }

  /** Runs `make`; a FaultError, code "out-of-memory", where the device could not give the memory that it asked for. */
  async allocating<T>(make: () => T): Promise<T> {
    this.device.pushErrorScope("out-of-memory");
    const made = make();
    const error = await this.guard(this.device.popErrorScope());
    if (error) throw new FaultError(outOfMemory());
    return made;
  }

  /** Whether a kernel is compiled, or on its way. */
  knows({ code }: Kernel): boolean {
    return this.#pipelines.has(code);
  }

  /** The kernel's pipeline, compiled once; different kernels compile side by side. */
  pipeline(kernel: Kernel): Promise<GPUComputePipeline> {
    let found = this.#pipelines.get(kernel.code);
    if (!found) this.#pipelines.set(kernel.code, (found = this.#compile(kernel)));
    return found;
  }

  /** Hands commands to the GPU. */
  submit(encoder: GPUCommandEncoder): void {
    this.device.queue.submit([encoder.finish()]);
  }

  /** The fault that has made the device unreliable, if there is one. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** Lets the device fail, for tests and lessons: really loses it, or has it say that its memory is full. */
  sabotage(how: Sabotage): void {
    if (how === "lose") this.device.destroy();
    else this.#fault = outOfMemory();
  }

  /** Gives the device and everything on it back. */
  close(): void {
    this.device.destroy();
  }

  /** Waits for work of the GPU's, or for the end of the device. Throws a FaultError where either fails. */
  async guard<T>(work: Promise<T>): Promise<T> {
    const outcome = await this.#orLost(
      work.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      ),
    );
    if ("value" in outcome) return outcome.value;
    if ("code" in outcome) throw new FaultError(outcome);
    // A lost device rejects what waits for it a moment before it says that it is lost.
    const lost = await this.#orLost(new Promise<null>((resolve) => setTimeout(() => resolve(null), 100)));
    throw new FaultError(lost ?? this.#fault ?? invalid(String(outcome.error)));
  }

  /** What `work` gives, or that the device is lost, whichever comes first. */
  #orLost<T>(work: Promise<T>): Promise<T | Fault> {
    if (this.#lost) return Promise.resolve(this.#lost);
    return new Promise((resolve, reject) => {
      this.#waiting.add(resolve);
      work.then(resolve, reject).finally(() => this.#waiting.delete(resolve));
    });
  }

  #tellLost(message: string): void {
    const because = message ? ` (${message})` : "";
    const lost = fault("device-lost", `The GPU device was lost${because}.`, lostHint);
    this.#lost = lost;
    this.#fault = lost;
    for (const tell of this.#waiting) tell(lost);
    this.#waiting.clear();
  }

  async #compile(kernel: Kernel): Promise<GPUComputePipeline> {
    const { device } = this;
    const uniform = { visibility: GPUShaderStage.COMPUTE, buffer: { type: "uniform" } } as const;
    const layout = device.createBindGroupLayout({
      label: kernel.name,
      entries: [
        { binding: 0, ...uniform },
        { binding: 1, ...uniform },
        ...kernel.bindings.map(({ access }, i) => ({
          binding: i + 2,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: access === "read" ? ("read-only-storage" as const) : ("storage" as const) },
        })),
      ],
    });
    const module = device.createShaderModule({ label: kernel.name, code: kernel.code });
    try {
      return await device.createComputePipelineAsync({
        label: kernel.name,
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: "main" },
      });
    } catch (error) {
      const { messages } = await module.getCompilationInfo();
      const why = messages[0]?.message ?? (error instanceof Error ? error.message : String(error));
      throw new FaultError(this.#fault ?? invalid(`the kernel ${kernel.name} does not compile: ${why}`));
    }
  }
}

function fault(code: string, message: string, hint: string): Fault {
  return { at: "backend", code, message, hint };
}

function outOfMemory(): Fault {
  return fault(
    "out-of-memory",
    "The GPU has not enough free memory for this policy and batch.",
    "Close other pages that use the GPU, or choose a smaller preset.",
  );
}

function invalid(why: string): Fault {
  return fault("invalid", `The GPU refused a command: ${why}`, "Choose the backend wasm, and report this message.");
}
