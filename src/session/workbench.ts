/**
 * What a run stands on: a backend, a policy with its tokenizer and the weights it began with, and the sandbox.
 * Opening it is the slow part of loading the page, so every piece reports its progress.
 */
import type { LabConfig } from "../config/schema";
import { snippetLimits } from "../config/snippet-limits";
import {
  addCounts,
  type LabEvent,
  type NoticeCode,
  noSandboxCounts,
  type ProgressTask,
  type SandboxCounts,
} from "../core/events";
import type { Fault } from "../core/result";
import { writeCheckpoint } from "../policy/checkpoint";
import { makePolicy } from "../policy/engine-policy";
import type { LlamaConfig, Policy, Weights } from "../policy/policy";
import { withCache } from "../sandbox/cache";
import { openSandbox } from "../sandbox/pool";
import type { Sandbox, SnippetLimits } from "../sandbox/sandbox";
import { type Backend, chooseBackend, type Sabotage } from "../tensor/device";
import { type CacheStorage, defaultMemory } from "../tensor/engine";
import { observationText, outputText } from "../text/grammar";
import type { Tokenizer } from "../text/tokenizer";
import type { CheckpointFiles, ConsoleResult, LabInfo, SympyChoice } from "./api";
import { type KeptModels, modelCount, ModelSet } from "./models";
import { notebook } from "./notebook";
import { remedyFor } from "./recovery";
import { randomStartingPoint, readStartingPoint, shippedStartingPoint, type StartingPoint } from "./starting-point";
import { compileProgress, type Trusted, trusted } from "./trusted";

export interface WorkbenchPlace {
  base: string;
  isolated: boolean;
}

export class Workbench {
  /** For rollouts; it may know a result already. */
  readonly sandbox: Sandbox;
  readonly #pool: Sandbox;
  /** For the console, where it asks for SymPy and the run has none, or the other way round. */
  #other: Sandbox | null = null;
  #opening: Promise<Sandbox> | null = null;
  readonly #emit: (event: LabEvent) => void;
  #backend: Backend;
  #memoryBudget: number | undefined;
  readonly #cacheStorage: CacheStorage;
  /** Tokens of the longest sequence that the policy has room for. */
  #longest: number;
  #info: LabInfo;
  #start: StartingPoint;
  #models: ModelSet;
  /** The models after the last finished step, kept off the GPU; null where they stand as they began. */
  #safe: KeptModels | null = null;

  constructor(
    info: Pick<LabInfo, "config" | "isolated">,
    { backend, memoryBudget, cacheStorage }: Trusted,
    start: StartingPoint,
    sandbox: Sandbox,
    emit: (event: LabEvent) => void,
  ) {
    this.#pool = sandbox;
    this.sandbox =
      info.config.sandbox.cache === "on"
        ? withCache(sandbox, { onHit: () => emit({ type: "sandbox", counts: this.counts() }) })
        : sandbox;
    this.#emit = emit;
    this.#backend = backend;
    this.#memoryBudget = memoryBudget;
    this.#cacheStorage = cacheStorage;
    this.#longest = info.config.rollout.maxTokens;
    this.#start = start;
    this.#info = { ...info, backend: backend.info, checkpoint: start.name, parameters: 0 };
    this.#models = this.#make(start);
    this.#info = { ...this.#info, parameters: this.policy.parameterCount };
  }

  get info(): LabInfo {
    return this.#info;
  }

  get config(): LabConfig {
    return this.#info.config;
  }

  /** Settings marked live may be replaced while a run goes on. */
  set config(config: LabConfig) {
    this.#info = { ...this.#info, config };
  }

  get policy(): Policy {
    return this.#models.policy;
  }

  get models(): ModelSet {
    return this.#models;
  }

  get tokenizer(): Tokenizer {
    return this.#start.tokenizer;
  }

  #make(start: StartingPoint, kept: KeptModels | null = null): ModelSet {
    const onCompiled = compileProgress(this.#emit);
    const [longest, cacheStorage] = [this.#longest, this.#cacheStorage];
    const memoryBudget = (this.#memoryBudget ?? defaultMemory) / modelCount(this.config.learn);
    const options = { memoryBudget, longest, cacheStorage, onCompiled };
    const make = (config: LlamaConfig, weights: Weights): Policy => makePolicy(this.#backend, config, weights, options);
    return new ModelSet(make, start, this.config.learn, kept);
  }

  #begin(start: StartingPoint): void {
    const models = this.#make(start);
    this.#models.dispose();
    this.#models = models;
    this.#safe = null;
    this.#start = start;
    this.#info = { ...this.#info, checkpoint: start.name, parameters: this.policy.parameterCount };
  }

  /** The policy as it began, with a fresh optimiser. */
  restore(): void {
    this.#begin(this.#start);
  }

  /** A policy of random weights. */
  randomise(): void {
    this.#begin(randomStartingPoint(this.config, this.tokenizer));
  }

  /** Makes the present weights the ones that `restore` returns to. */
  async keepAsStart(name: string): Promise<void> {
    this.#begin({ ...this.#start, name, ...(await this.#models.checkpoint()) });
  }

  /** Replaces the policy by a checkpoint's. Throws a FaultError and changes nothing if it cannot be read. */
  load(name: string, files: CheckpointFiles): void {
    this.#begin(readStartingPoint(name, files, this.tokenizer.json));
  }

  async save(): Promise<CheckpointFiles> {
    const { config, weights } = await this.#models.checkpoint();
    const { configText, bytes } = writeCheckpoint(config, weights);
    const encoder = new TextEncoder();
    return {
      "config.json": encoder.encode(configText),
      "model.safetensors": bytes,
      "tokenizer.json": encoder.encode(this.tokenizer.json),
    };
  }

  async runSnippet(
    code: string,
    limits: Partial<SnippetLimits> = {},
    sympy = this.config.sandbox.sympy,
  ): Promise<ConsoleResult> {
    const python = sympy === this.config.sandbox.sympy ? this.#pool : await this.#otherPython(sympy);
    const result = await python.run(code, { ...snippetLimits(this.config), ...limits });
    const observation = observationText(outputText(result, this.config.sandbox.outputCharacters));
    return { ...result, observation };
  }

  /** Snippets of the run and of the console. */
  counts(): SandboxCounts {
    return addCounts(this.sandbox.counts(), this.#other?.counts() ?? noSandboxCounts);
  }

  async #otherPython(sympy: SympyChoice): Promise<Sandbox> {
    this.#opening ??= openSandbox({
      workers: 1,
      sympy: sympy === "on",
      onCounts: () => this.#emit({ type: "sandbox", counts: this.counts() }),
      onNotice: (message) => this.#emit({ type: "notice", code: "worker-replaced", message }),
    });
    try {
      this.#other = await this.#opening;
    } catch (error) {
      this.#opening = null;
      throw error;
    }
    return this.#other;
  }

  /** Makes room for longer episodes, where the setting was raised meanwhile or a set asks for more. */
  async fit(maxTokens = this.config.rollout.maxTokens): Promise<void> {
    if (maxTokens <= this.#longest) return;
    this.#longest = maxTokens;
    const models = this.#make(this.#start, await this.#models.keep());
    this.#models.dispose();
    this.#models = models;
  }

  /** Keeps the models as they are now where a failing GPU cannot take them along. Call it after every finished step. */
  async keepSafe(): Promise<void> {
    if (this.#backend.info.name !== "webgpu") return;
    this.#safe = await this.#models.keep();
  }

  /**
   * Sets the models up again as they were after the last finished step, on a backend that works.
   *
   * @throws FaultError where there is none.
   */
  async recover(fault: Fault, attempt: number): Promise<void> {
    this.#models.dispose();
    this.#backend.close();
    const { backend, memoryBudget, notice } = await remedyFor(fault, attempt, {
      wanted: this.config.backend,
      memoryBudget: this.#memoryBudget,
    });
    this.#backend = backend;
    this.#memoryBudget = memoryBudget;
    this.#models = this.#make(this.#start, this.#safe);
    this.#info = { ...this.#info, backend: backend.info };
    this.#emit({ type: "backend", backend: backend.info });
    this.#emit({ type: "notice", code: notice, message: fault.message });
  }

  /** Lets the GPU fail, for tests and lessons. */
  sabotage(how: Sabotage): void {
    this.#backend.sabotage(how);
  }

  close(): void {
    this.sandbox.close();
    void this.#opening?.then(
      (python) => python.close(),
      () => undefined,
    );
    this.#models.dispose();
    this.#backend.close();
  }
}

/** Opens everything a run needs. Throws a FaultError that says what could not be had and what to do. */
export async function openWorkbench(
  config: LabConfig,
  place: WorkbenchPlace,
  emit: (event: LabEvent) => void,
): Promise<Workbench> {
  const progress = (task: ProgressTask) => (done: number, total: number) => {
    emit({ type: "progress", task, done, total });
  };
  const notice = (code: NoticeCode, message: string): void => emit({ type: "notice", code, message });

  progress("backend")(0, 1);
  const backend = await chooseBackend(config.backend, { notebook });
  progress("backend")(1, 1);
  if (backend.info.name === "wasm" && config.backend === "auto") notice("no-webgpu", backend.info.reason);
  if (!place.isolated) {
    const message = "The page is not cross-origin isolated: clocks are coarser; everything else works.";
    notice("no-isolation", message);
  }

  let opened: Workbench | null = null;
  // Python boots in its own workers while the checkpoint is read here.
  const opening = openSandbox({
    workers: config.sandbox.workers,
    sympy: config.sandbox.sympy === "on",
    onProgress: progress("python"),
    // The workbench knows of the results that took no run.
    onCounts: (counts) => emit({ type: "sandbox", counts: opened?.counts() ?? counts }),
    onNotice: (message) => notice("worker-replaced", message),
  });
  // It may fail while the checkpoint is still being read, long before it is awaited.
  opening.catch(() => undefined);
  try {
    const { start, whyRandom } = await shippedStartingPoint(config, place.base, progress("checkpoint"));
    if (whyRandom !== null) {
      notice("random-weights", `${whyRandom}, so the policy starts from random weights; make a cold start first.`);
    }
    const tested = await trusted(backend, start, { wanted: config, emit });
    emit({ type: "backend", backend: tested.backend.info });
    opened = new Workbench({ config, isolated: place.isolated }, tested, start, await opening, emit);
    return opened;
  } catch (error) {
    backend.close();
    // Whatever failed, no Python worker is left behind.
    void opening.then(
      (sandbox) => sandbox.close(),
      () => undefined,
    );
    throw error;
  }
}
