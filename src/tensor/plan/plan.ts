/**
 * A compiled plan: a list of (pipeline, bind group, workgroups) that is replayed. What a run differs in, its sizes and
 * inputs, is written before (./inputs).
 */
import type { EngineOptions } from "../engine";
import type { Inputs } from "../program";
import type { Gpu } from "./gpu";
import { InputBuffer } from "./inputs";
import { elementBytes, type Sizes, sizesBytes } from "./kernel";
import type { BufferPool } from "./pool";
import type { Recorder, Step } from "./recorder";
import { alignment, isVirtual, type PlanTensor, type Region, type Storage, type VirtualBuffer } from "./tensor";

type OnCompiled = EngineOptions["onCompiled"];

interface Command {
  pipeline: GPUComputePipeline;
  bindGroup: GPUBindGroup;
  grid: Step["grid"];
}

/** The steps whose results anyone reads, in order: backwards from what outlives the plan. */
function liveSteps(steps: readonly Step[], outputs: readonly Storage[]): Step[] {
  const needed = new Set<Storage>(outputs);
  const live: Step[] = [];
  for (const step of [...steps].reverse()) {
    const writes = step.storages.filter((_, i) => step.kernel.bindings[i].access === "read_write");
    if (!writes.some((storage) => !isVirtual(storage) || needed.has(storage))) continue;
    for (const storage of step.storages) needed.add(storage);
    live.push(step);
  }
  return live.reverse();
}

/** Finds a buffer for everything that is not placed yet; what is never needed at one time may share one. */
function placeBuffers(steps: readonly Step[], outputs: readonly Storage[], pool: BufferPool): void {
  const last = new Map<VirtualBuffer, number>();
  steps.forEach(({ storages }, i) => {
    for (const storage of storages) if (isVirtual(storage) && !storage.placed) last.set(storage, i);
  });
  for (const output of outputs) if (isVirtual(output) && last.has(output)) last.set(output, steps.length);
  const session = pool.begin();
  steps.forEach(({ storages }, i) => {
    for (const storage of storages) {
      if (!isVirtual(storage) || storage.placed) continue;
      storage.placed = { buffer: session.take(storage.bytes), offset: 0, bytes: storage.bytes };
    }
    for (const storage of new Set(storages)) {
      if (isVirtual(storage) && storage.placed && last.get(storage) === i) session.giveBack(storage.placed.buffer);
    }
  });
}

function regionOf(storage: Storage): Region {
  if (!isVirtual(storage)) return storage;
  if (!storage.placed) throw new Error(`Nothing was placed for ${storage.label}.`);
  return storage.placed;
}

/** A mistake here would silently give wrong numbers on some drivers. */
function checkBinding(step: Step, index: number, { offset, bytes, buffer }: Region): void {
  const { name, type } = step.kernel.bindings[index];
  const where = `${step.kernel.name} binds ${name}`;
  if (offset % alignment !== 0) throw new Error(`${where} at ${offset}, which is no multiple of ${alignment}.`);
  if (bytes % elementBytes[type] !== 0)
    throw new Error(`${where} to ${bytes} bytes, which is no whole number of ${type}.`);
  if (offset + bytes > buffer.size) throw new Error(`${where} past the end of a buffer of ${buffer.size} bytes.`);
}

/** All steps' constants in one buffer, one aligned slot each. */
function writeConstants(gpu: Gpu, steps: readonly Step[]): GPUBuffer {
  const bytes = Math.max(alignment, steps.length * alignment);
  const buffer = gpu.makeBuffer("constants", bytes, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
  const data = new DataView(new ArrayBuffer(bytes));
  steps.forEach(({ kernel, constants }, i) => {
    Object.values(kernel.constants).forEach((type, field) => {
      const at = i * alignment + field * 4;
      const given = constants[field];
      const value = typeof given === "number" ? given : regionOf(given.storage).offset / 4;
      if (type === "f32") data.setFloat32(at, value, true);
      else data.setUint32(at, value, true);
    });
  });
  gpu.device.queue.writeBuffer(buffer, 0, data.buffer);
  return buffer;
}

export class Plan {
  readonly #gpu: Gpu;
  readonly #commands: readonly Command[];
  readonly #inputs: InputBuffer;
  readonly #constants: GPUBuffer;
  readonly #outputs: readonly { region: Region; tensor: PlanTensor }[];
  /** Clears partial sums before the first step, where there are any. */
  readonly #cleared: Region | null;

  private constructor(
    gpu: Gpu,
    commands: readonly Command[],
    inputs: InputBuffer,
    constants: GPUBuffer,
    outputs: readonly PlanTensor[],
    cleared: Region | null,
  ) {
    this.#gpu = gpu;
    this.#commands = commands;
    this.#inputs = inputs;
    this.#constants = constants;
    this.#outputs = outputs.map((tensor) => ({ tensor, region: regionOf(tensor.storage) }));
    this.#cleared = cleared;
  }

  /**
   * Compiles what was recorded: pipelines side by side, then buffers and bind groups.
   *
   * @throws FaultError where the device refuses a kernel, is out of memory, or is lost.
   */
  static async compile(
    gpu: Gpu,
    recorder: Recorder,
    outputs: readonly PlanTensor[],
    { pool, cleared = null, onCompiled }: { pool: BufferPool; cleared?: Region | null; onCompiled?: OnCompiled },
  ): Promise<Plan> {
    const kept = outputs.map(({ storage }) => storage);
    const steps = liveSteps(recorder.steps, kept);
    const pipelines = await compilePipelines(gpu, steps, onCompiled);
    return gpu.allocating(() => {
      const inputs = new InputBuffer(gpu, recorder);
      const constants = writeConstants(gpu, steps);
      placeBuffers(steps, kept, pool);
      const commands = steps.map((step, i) => ({
        pipeline: pipelines[i],
        bindGroup: bind(gpu, pipelines[i], step, { buffer: constants, slot: i * alignment }, inputs.buffer),
        grid: step.grid,
      }));
      return new Plan(gpu, commands, inputs, constants, outputs, cleared);
    });
  }

  /** Writes what the next replay differs in; the sizes it has then. */
  write(inputs: Inputs): Sizes {
    return this.#inputs.write(inputs);
  }

  /** Appends one replay, with all that has to come before it. */
  replay(encoder: GPUCommandEncoder, sizes: Sizes): void {
    this.#inputs.spread(encoder);
    if (this.#cleared) encoder.clearBuffer(this.#cleared.buffer, this.#cleared.offset, this.#cleared.bytes);
    const pass = encoder.beginComputePass();
    this.#encodeSteps(pass, sizes);
    pass.end();
  }

  /**
   * Appends one replay to a compute pass, which may hold many.
   *
   * @throws Error where something has to come before the pass
   */
  encode(pass: GPUComputePassEncoder, sizes: Sizes): void {
    if (this.#inputs.spreads || this.#cleared) throw new Error("This plan is replayed in a pass of its own.");
    this.#encodeSteps(pass, sizes);
  }

  #encodeSteps(pass: GPUComputePassEncoder, sizes: Sizes): void {
    for (const { pipeline, bindGroup, grid } of this.#commands) {
      const [x, y, z] = grid(sizes);
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(x, y, z);
    }
  }

  /** Appends copies of the outputs to a staging buffer; `takeApart` reads them. */
  copyOutputs(encoder: GPUCommandEncoder, staging: GPUBuffer, from = 0): void {
    let at = from;
    for (const { region } of this.#outputs) {
      encoder.copyBufferToBuffer(region.buffer, region.offset, staging, at, region.bytes);
      at += region.bytes;
    }
  }

  get outputBytes(): number {
    return this.#outputs.reduce((sum, { region }) => sum + region.bytes, 0);
  }

  /** The outputs' rows that a run of these sizes filled, without padding. */
  takeApart(data: ArrayBuffer, sizes: Sizes): Float32Array[] {
    let at = 0;
    return this.#outputs.map(({ region, tensor: { rows, columns, stride } }) => {
      const all = new Float32Array(data, at, region.bytes / 4);
      at += region.bytes;
      const count = typeof rows === "number" ? rows : sizes[rows];
      if (stride === columns) return all.slice(0, count * columns);
      const packed = new Float32Array(count * columns);
      for (let row = 0; row < count; row++) {
        packed.set(all.subarray(row * stride, row * stride + columns), row * columns);
      }
      return packed;
    });
  }

  /** Gives back what only this plan used; the pool's buffers stay with the pool. */
  dispose(): void {
    this.#gpu.destroy(this.#constants);
    this.#inputs.dispose();
  }
}

/** Plans that are given back together, those included that are still being compiled. */
export class PlanShelf {
  readonly #plans = new Set<Plan>();
  #disposed = false;

  async add(compiling: Promise<Plan>): Promise<Plan> {
    const plan = await compiling;
    if (this.#disposed) plan.dispose();
    else this.#plans.add(plan);
    return plan;
  }

  dispose(): void {
    this.#disposed = true;
    for (const plan of this.#plans) plan.dispose();
    this.#plans.clear();
  }
}

async function compilePipelines(
  gpu: Gpu,
  steps: readonly Step[],
  onCompiled: OnCompiled,
): Promise<GPUComputePipeline[]> {
  // Those that another plan has compiled are there at once.
  const waiting = new Set(steps.filter(({ kernel }) => !gpu.knows(kernel)).map(({ kernel }) => kernel.code));
  const total = waiting.size;
  return Promise.all(
    steps.map(async ({ kernel }) => {
      const pipeline = await gpu.pipeline(kernel);
      if (waiting.delete(kernel.code)) onCompiled?.(total - waiting.size, total);
      return pipeline;
    }),
  );
}

function bind(
  gpu: Gpu,
  pipeline: GPUComputePipeline,
  step: Step,
  constants: { buffer: GPUBuffer; slot: number },
  inputs: GPUBuffer,
): GPUBindGroup {
  const entries: GPUBindGroupEntry[] = step.storages.map((storage, i) => {
    const region = regionOf(storage);
    checkBinding(step, i, region);
    return { binding: i + 2, resource: { buffer: region.buffer, offset: region.offset, size: region.bytes } };
  });
  return gpu.device.createBindGroup({
    label: step.kernel.name,
    layout: pipeline.getBindGroupLayout(0),
    entries: [
      { binding: 0, resource: { buffer: constants.buffer, offset: constants.slot, size: alignment } },
      { binding: 1, resource: { buffer: inputs, offset: 0, size: sizesBytes } },
      ...entries,
    ],
  });
}
