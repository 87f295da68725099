/**
 * Chooses what computes: WebGPU on a hardware adapter; wasm where there is none or only a software one, which is
 * about ten times slower than wasm; cpu only when asked for, as an oracle in tests.
 */
import * as tf from "@tensorflow/tfjs";
import type { BackendInfo } from "../core/events";
import { FaultError } from "../core/result";
import { describeAdapter, findAdapter, isSoftware, openGpu } from "./adapter";
import { makeEagerEngine } from "./eager/engine";
import type { Engine, EngineOptions } from "./engine";
import { autotune, type Notebook } from "./plan/autotune";
import { makePlanEngine } from "./plan/engine";
import type { Gpu, Sabotage } from "./plan/gpu";
import { defaultTuning, type Tuning } from "./plan/tuning";

/** What computes, and engines on it. */
export interface Backend {
  info: BackendInfo;
  makeEngine(options: EngineOptions): Engine;
  /** Lets a GPU's device fail, for tests and lessons; nothing happens where there is none. */
  sabotage(how: Sabotage): void;
  /** Gives the device back; its engines are of no use any more. */
  close(): void;
}

export type { Notebook, Sabotage };

export type BackendName = BackendInfo["name"];

/** Backends by name, and `auto` for the best that is there. */
export const backendNames = ["webgpu", "wasm", "cpu"] as const satisfies readonly BackendName[];

function unavailable(message: string, hint: string): FaultError {
  return new FaultError({ at: "backend", code: "unavailable", message, hint });
}

const inNode = typeof process !== "undefined" && typeof process.versions?.node === "string";

const browserHint = "Use a current Chrome, Edge, Firefox or Safari, and allow WebAssembly; then reload the page.";

async function startCpu(reason: string): Promise<BackendInfo> {
  await tf.setBackend("cpu");
  return { name: "cpu", reason, adapter: "JavaScript", threads: 1 };
}

/** tfjs takes the paths once, before the first start. */
let pathsSet = false;

/** One thread: two gained nothing when measured, and Python wants the other cores. The kernels are written in SIMD. */
async function startWasm(reason: string): Promise<BackendInfo> {
  if (typeof WebAssembly === "undefined")
    throw unavailable(
      "This browser does not run WebAssembly, which the lab needs where WebGPU is not there.",
      browserHint,
    );
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  if (!(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")))
    throw unavailable("This browser's WebAssembly has no SIMD, in which the lab computes without WebGPU.", browserHint);
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!inNode && !pathsSet) setWasmPaths((await import("./eager/wasm/binaries")).wasmBinaries);
  pathsSet = true;
  const ready = await tf.setBackend("wasm").catch(() => false);
  if (!ready) throw unavailable("The WebAssembly backend could not be started.", browserHint);
  return { name: "wasm", reason, adapter: "WebAssembly with SIMD", threads: 1 };
}

interface Started {
  info: BackendInfo;
  gpu: Gpu;
  tuning: Tuning;
}

const clock = (): number => performance.now();

/** Software adapters are slow to measure and all of one kind: theirs is known. */
async function startWebGpu(adapter: GPUAdapter, reason: string, notebook: Notebook | null): Promise<Started> {
  const gpu = await openGpu(adapter);
  const known = defaultTuning(gpu.traits);
  const noted = { adapter: describeAdapter(adapter), notebook, now: clock };
  const tuning = gpu.traits.software ? known : await autotune(gpu, known, noted);
  // What little tfjs still does here (checks, analysis) needs no kernels of its own on the GPU.
  await tf.setBackend("cpu");
  return { info: { name: "webgpu", reason, adapter: describeAdapter(adapter), threads: 1 }, gpu, tuning };
}

function why(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function automatic(notebook: Notebook | null): Promise<Backend> {
  const wasm = async (reason: string): Promise<Backend> =>
    eager(await startWasm(`${reason}, so WebAssembly was chosen.`));
  const adapter = await findAdapter();
  if (typeof adapter === "string") return wasm(adapter);
  if (isSoftware(adapter.info))
    return wasm("The only WebGPU adapter here is a software one, about ten times slower than WebAssembly");
  const started = await startWebGpu(adapter, "A hardware WebGPU adapter was found.", notebook).catch(why);
  return typeof started === "string" ? wasm(`WebGPU could not be started (${started})`) : compiled(started);
}

async function forcedWebGpu(reason: string, notebook: Notebook | null): Promise<Backend> {
  const hint = "Choose the backend auto or wasm, or open the lab in a browser with WebGPU.";
  const adapter = await findAdapter();
  if (typeof adapter === "string") throw unavailable(`WebGPU was asked for, but is not there: ${adapter}.`, hint);
  try {
    return compiled(await startWebGpu(adapter, reason, notebook));
  } catch (error) {
    throw unavailable(`WebGPU was asked for, but could not be started: ${why(error)}.`, hint);
  }
}

function eager(info: BackendInfo): Backend {
  const nothing = (): void => undefined;
  return { info, makeEngine: (options) => makeEagerEngine(info, options), sabotage: nothing, close: nothing };
}

function compiled({ info, gpu, tuning }: Started): Backend {
  return {
    info,
    makeEngine: (options) => makePlanEngine(info, gpu, { ...options, tuning, now: clock }),
    sabotage: (how) => gpu.sabotage(how),
    close: () => gpu.close(),
  };
}

export interface BackendPlace {
  /** Keeps what was measured of a GPU, so that only its first visit measures. */
  notebook?: Notebook | null;
  /** Why a backend that is named was chosen, for people; without it, that it was asked for. */
  reason?: string;
}

/**
 * Makes a backend active for all tensor work of this realm.
 *
 * @throws FaultError at "backend" where a forced backend, or any at all, is not there.
 */
export async function chooseBackend(
  wanted: "auto" | BackendName = "auto",
  { notebook = null, reason }: BackendPlace = {},
): Promise<Backend> {
  tf.enableProdMode();
  if (wanted === "cpu")
    return eager(await startCpu("Plain JavaScript was asked for; it is slow and meant for checks."));
  if (wanted === "wasm") return eager(await startWasm(reason ?? "WebAssembly was asked for."));
  return wanted === "webgpu" ? forcedWebGpu(reason ?? "WebGPU was asked for.", notebook) : automatic(notebook);
}

/** Live tensors of the active tfjs backend: for checks that nothing is left behind. */
export function liveTensors(): number {
  return tf.memory().numTensors;
}
