/** The compiled interpreter: programs become plans, once, and every run after that is a replay. */
import type { BackendInfo } from "../../core/events";
import type { Decoder, DecoderModel, DecoderSettings } from "../decoder";
import type { AdamWSettings, CacheStorage, Engine, EngineOptions, NamedArrays, OptimizerState } from "../engine";
import type { Loss } from "../ops";
import { adamWNumbers, recordAdamW, recordSlices } from "../ops/adamw";
import type { Evaluation, Inputs, InputSpec, Objective, Scope } from "../program";
import { type DecoderPlace, PlanDecoder } from "./decoder";
import type { Gpu } from "./gpu";
import type { Sizes } from "./kernel";
import { type Bounds, boundsFor, rowsFor } from "./memory";
import { planOps } from "./ops";
import { FlatParameters } from "./parameters";
import { Plan, PlanShelf } from "./plan";
import { BufferPool } from "./pool";
import { Readback } from "./readback";
import { Recorder, type RecorderOptions } from "./recorder";
import type { PlanTensor } from "./tensor";
import type { Tuning } from "./tuning";

export interface PlanEngineOptions extends EngineOptions {
  tuning: Tuning;
  /** Milliseconds; how long a submission took decides how much the next one holds, never what is computed. */
  now: () => number;
}

class PlanEngine implements Engine {
  readonly info: BackendInfo;
  readonly tokenBudget: number;
  readonly #slices: number;
  readonly #cacheBytes: number;
  readonly #gpu: Gpu;
  readonly #options: PlanEngineOptions;
  readonly #readback: Readback;
  readonly #parameters: FlatParameters;
  readonly #pool: BufferPool;
  readonly #constants = new Map<string, PlanTensor>();
  readonly #plans = new Map<string, Promise<Plan>>();
  readonly #shelf = new PlanShelf();
  #steps = 0;
  /** Whether a gradient waits for a step. */
  #accumulated = false;
  /** The decoder that was used last: the next rollout is mostly like the one before. */
  #rested: PlanDecoder | null = null;
  #disposed = false;

  constructor(info: BackendInfo, gpu: Gpu, options: PlanEngineOptions, { tokens, slices, cacheBytes }: Bounds) {
    this.info = info;
    this.tokenBudget = tokens;
    this.#slices = slices;
    this.#cacheBytes = cacheBytes;
    this.#gpu = gpu;
    this.#options = options;
    this.#readback = new Readback(gpu);
    this.#parameters = new FlatParameters(gpu, this.#readback, options, slices);
    this.#pool = new BufferPool(gpu);
  }

  async evaluate(program: Evaluation, inputs: Inputs): Promise<Float32Array[]> {
    const plan = await this.#evaluation(program);
    const sizes = plan.write(inputs);
    const data = await this.#run([{ plan, sizes }]);
    const counts = lengthsOf(program.inputs, inputs);
    return plan.takeApart(data, { ...sizes, ...counts });
  }

  async accumulate(program: Objective, inputs: Inputs): Promise<Float32Array[]> {
    const plan = await this.#objective(program);
    const sizes = plan.write(inputs);
    this.#accumulated = true;
    return plan.takeApart(await this.#run([{ plan, sizes }]), sizes);
  }

  async update(
    program: Objective,
    inputs: Inputs,
    settings: AdamWSettings,
  ): Promise<{ statistics: Float32Array[]; gradientNorm: number }> {
    const [plan, optimizer] = await Promise.all([this.#objective(program), this.#optimizer()]);
    const sizes = plan.write(inputs);
    const own = optimizer.write(this.#numbersOf(settings));
    const data = await this.#run([
      { plan, sizes },
      { plan: optimizer, sizes: own },
    ]);
    const statistics = plan.takeApart(data, sizes);
    const [norm] = optimizer.takeApart(data.slice(plan.outputBytes), own);
    return { statistics, gradientNorm: this.#stepped(norm[0]) };
  }

  async applyGradients(settings: AdamWSettings): Promise<{ gradientNorm: number }> {
    if (!this.#accumulated) return { gradientNorm: 0 };
    const plan = await this.#optimizer();
    const sizes = plan.write(this.#numbersOf(settings));
    const [norm] = plan.takeApart(await this.#run([{ plan, sizes }]), sizes);
    return { gradientNorm: this.#stepped(norm[0]) };
  }

  rowsAtMost(model: DecoderModel, capacity: number): number {
    return rowsFor(this.#cacheBytes, model, capacity, this.#cacheStorage);
  }

  get #cacheStorage(): CacheStorage {
    return this.#options.cacheStorage ?? "f32";
  }

  makeDecoder(model: DecoderModel, settings: DecoderSettings): Decoder {
    const rested = this.#rested;
    if (rested?.fits(settings)) {
      this.#rested = null;
      rested.open(settings);
      return rested;
    }
    // Two decoders' caches would be alive at a time.
    rested?.destroy();
    this.#rested = null;
    const prompt: Record<string, InputSpec> = {
      ids: { type: "int32", size: "tokens" },
      first: { type: "int32", size: "tokens", padding: "index" },
      positions: { type: "int32", size: "tokens" },
    };
    const place: DecoderPlace = {
      gpu: this.#gpu,
      readback: this.#readback,
      tokenBudget: this.tokenBudget,
      cacheStorage: this.#cacheStorage,
      recorder: (options) => this.#recorder(options),
      scope: (plan) => this.#scope(plan, prompt),
      compile: (plan) => this.#compile(plan, []),
      rest: (decoder) => this.#rest(decoder),
    };
    return new PlanDecoder(place, model, settings, this.#options.now);
  }

  values(): Promise<NamedArrays> {
    return this.#parameters.values();
  }

  gradients(): Promise<NamedArrays> {
    return this.#parameters.gradients();
  }

  async optimizerState(): Promise<OptimizerState> {
    return { step: this.#steps, ...(await this.#parameters.moments()) };
  }

  loadOptimizerState({ step, first, second }: OptimizerState): void {
    this.#parameters.loadMoments(first, second);
    this.#steps = step;
  }

  memory(): { tensors: number; bytes: number } {
    return this.#gpu.memory();
  }

  dispose(): void {
    this.#disposed = true;
    this.#rested?.destroy();
    this.#rested = null;
    this.#shelf.dispose();
    for (const { storage } of this.#constants.values()) if ("buffer" in storage) this.#gpu.destroy(storage.buffer);
    this.#parameters.dispose();
    this.#pool.dispose();
    this.#readback.dispose();
  }

  #rest(decoder: PlanDecoder): void {
    this.#rested?.destroy();
    this.#rested = this.#disposed ? null : decoder;
    if (this.#disposed) decoder.destroy();
  }

  /** Replays plans one after another as one submission, and reads their outputs. */
  async #run(replays: readonly { plan: Plan; sizes: Sizes }[]): Promise<ArrayBuffer> {
    const bytes = replays.reduce((sum, { plan }) => sum + plan.outputBytes, 0);
    const staging = this.#readback.staging(bytes);
    const encoder = this.#gpu.device.createCommandEncoder();
    let at = 0;
    for (const { plan, sizes } of replays) {
      plan.replay(encoder, sizes);
      // At once: the next plan computes in the same buffers.
      plan.copyOutputs(encoder, staging, at);
      at += plan.outputBytes;
    }
    this.#gpu.submit(encoder);
    return this.#readback.read(staging, bytes);
  }

  #numbersOf({ beta1, beta2, ...settings }: AdamWSettings): Inputs {
    const step = this.#steps + 1;
    const all = { ...settings, beta1, beta2, correction1: 1 - beta1 ** step, correction2: 1 - beta2 ** step };
    return { adamW: Float32Array.from(adamWNumbers, (name) => all[name]) };
  }

  /** Counts a step that was taken. */
  #stepped(gradientNorm: number): number {
    this.#accumulated = false;
    if (Number.isFinite(gradientNorm)) this.#steps++;
    return gradientNorm;
  }

  #recorder(options: Pick<RecorderOptions, "mode"> & Partial<RecorderOptions>): Recorder {
    const tokens = this.tokenBudget;
    return new Recorder({
      capacity: { tokens, places: tokens, copies: 4 },
      tuning: this.#options.tuning,
      parameters: this.#parameters.regions,
      constant: (name, values) => this.#constant(name, values),
      ...options,
    });
  }

  #constant(name: string, values: () => Float32Array): PlanTensor {
    const known = this.#constants.get(name);
    if (known) return known;
    const numbers = values();
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const buffer = this.#gpu.makeBuffer(name, numbers.byteLength, usage);
    this.#gpu.device.queue.writeBuffer(buffer, 0, new Float32Array(numbers));
    const storage = { buffer, offset: 0, bytes: numbers.byteLength };
    const made = { rows: numbers.length, columns: 1, stride: 1, storage };
    this.#constants.set(name, made);
    return made;
  }

  #scope(plan: Recorder, specs: Record<string, InputSpec>): Scope<PlanTensor> {
    return {
      ops: planOps(plan),
      parameter: (name) => this.#parameters.tensor(name),
      input: (name) => {
        const spec = specs[name];
        if (!spec) throw new RangeError(`The program has no input named ${name}.`);
        return plan.input(name, { ...spec, padding: spec.padding ?? "zero" });
      },
    };
  }

  #evaluation(program: Evaluation): Promise<Plan> {
    return this.#once(`evaluate ${program.name}`, () => {
      const plan = this.#recorder({ mode: "evaluate" });
      const outputs = program.run(this.#scope(plan, program.inputs));
      return this.#compile(plan, outputs);
    });
  }

  #objective(program: Objective): Promise<Plan> {
    return this.#once(`learn ${program.name}`, () => {
      const plan = this.#recorder({ mode: "train" });
      const losses: Loss<PlanTensor>[] = program.run(this.#scope(plan, program.inputs));
      plan.backward();
      const { partial, state } = this.#parameters;
      if (partial) recordSlices(plan, partial, this.#slices, state);
      return this.#compile(
        plan,
        losses.map(({ statistics }) => statistics),
      );
    });
  }

  #optimizer(): Promise<Plan> {
    return this.#once("adamW", () => {
      const plan = this.#recorder({ mode: "evaluate" });
      return this.#compile(plan, [recordAdamW(plan, this.#parameters.state)]);
    });
  }

  #compile(plan: Recorder, outputs: readonly PlanTensor[]): Promise<Plan> {
    const { partial } = this.#parameters;
    const { onCompiled } = this.#options;
    const cleared = plan.mode === "train" ? partial : null;
    return Plan.compile(this.#gpu, plan, outputs, { pool: this.#pool, cleared, onCompiled });
  }

  /** A plan is compiled when it is first asked for; one that failed is tried again. */
  #once(name: string, make: () => Promise<Plan>): Promise<Plan> {
    let found = this.#plans.get(name);
    if (!found) {
      found = this.#shelf.add(make());
      found.catch(() => this.#plans.delete(name));
      this.#plans.set(name, found);
    }
    return found;
  }
}

/** How many of each size a run was given, before it was filled up. */
function lengthsOf(specs: Record<string, InputSpec>, inputs: Inputs): Partial<Sizes> {
  const lengths: Partial<Sizes> = {};
  for (const [name, { size }] of Object.entries(specs)) {
    if (typeof size !== "number") lengths[size] = inputs[name].length;
  }
  return lengths;
}

export function makePlanEngine(info: BackendInfo, gpu: Gpu, options: PlanEngineOptions): Engine {
  return new PlanEngine(info, gpu, options, boundsFor(options, options.tuning.gradientSlices));
}
