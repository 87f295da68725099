/**
 * Chooses what computes: WebGPU on a hardware adapter; wasm where there is none or only a software one, which is
 * about ten times slower than wasm; cpu only when asked for, as an oracle in tests.
 */
import * as tf from "@tensorflow/tfjs";
import type { BackendInfo } from "../core/events";
import { FaultError } from "../core/result";
import { makeEagerEngine } from "./eager/engine";
import type { Engine, EngineOptions } from "./engine";

/** What computes, and engines on it. */
export interface Backend {
  info: BackendInfo;
  makeEngine(options: EngineOptions): Engine;
}

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

/** One thread: two gained nothing when measured, and Python wants the other cores. */
async function startWasm(reason: string): Promise<BackendInfo> {
  if (typeof WebAssembly === "undefined")
    throw unavailable(
      "This browser does not run WebAssembly, which the lab needs where WebGPU is not there.",
      browserHint,
    );
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!inNode && !pathsSet) setWasmPaths((await import("./eager/wasm/binaries")).wasmBinaries);
  pathsSet = true;
  const ready = await tf.setBackend("wasm").catch(() => false);
  if (!ready) throw unavailable("The WebAssembly backend could not be started.", browserHint);
  const vectorised = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  return {
    name: "wasm",
    reason,
    adapter: vectorised ? "WebAssembly with SIMD" : "WebAssembly without SIMD",
    threads: 1,
  };
}

/** An adapter, or why there is none. */
async function findAdapter(): Promise<GPUAdapter | string> {
  if (typeof navigator === "undefined" || !("gpu" in navigator)) return "This browser has no WebGPU";
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  return adapter ?? "This browser has WebGPU but found no adapter for it";
}

function describe({ info }: GPUAdapter): string {
  return [info.vendor, info.architecture, info.description].filter((part) => part).join(" ") || "unnamed adapter";
}

/** Whether the adapter computes on the processor. */
export function isSoftware(
  info: Pick<GPUAdapterInfo, "vendor" | "architecture" | "device" | "description" | "isFallbackAdapter">,
): boolean {
  const words = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`.toLowerCase();
  return info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|softpipe|basic render/.test(words);
}

/** Hands tfjs a device of our own, so that later engines can share its buffers under limits that we choose. */
async function startWebGpu(adapter: GPUAdapter, reason: string): Promise<BackendInfo> {
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has("timestamp-query") ? ["timestamp-query"] : [],
    requiredLimits: {
      maxStorageBuffersPerShaderStage: Math.min(10, limits.maxStorageBuffersPerShaderStage),
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => new WebGPUBackend(device, adapter.info), 3);
  // Small tensors would otherwise be computed on the processor, by kernels that this lab does not load or test.
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  await tf.setBackend("webgpu");
  return { name: "webgpu", reason, adapter: describe(adapter), threads: 1 };
}

function why(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function automatic(): Promise<BackendInfo> {
  const adapter = await findAdapter();
  if (typeof adapter === "string") return startWasm(`${adapter}, so WebAssembly was chosen.`);
  try {
    if (isSoftware(adapter.info))
      return await startWasm(
        "The only WebGPU adapter here is a software one, about ten times slower than WebAssembly, so WebAssembly was chosen.",
      );
    return await startWebGpu(adapter, "A hardware WebGPU adapter was found.");
  } catch (error) {
    if (error instanceof FaultError) throw error;
    return startWasm(`WebGPU could not be started (${why(error)}), so WebAssembly was chosen.`);
  }
}

async function forcedWebGpu(): Promise<BackendInfo> {
  const hint = "Choose the backend auto or wasm, or open the lab in a browser with WebGPU.";
  const adapter = await findAdapter();
  if (typeof adapter === "string") throw unavailable(`WebGPU was asked for, but is not there: ${adapter}.`, hint);
  try {
    return await startWebGpu(adapter, "WebGPU was asked for.");
  } catch (error) {
    throw unavailable(`WebGPU was asked for, but could not be started: ${why(error)}.`, hint);
  }
}

function eager(info: BackendInfo): Backend {
  return { info, makeEngine: (options) => makeEagerEngine(info, options) };
}

/**
 * Makes a backend active for all tensor work of this realm.
 *
 * @throws FaultError at "backend" where a forced backend, or any at all, is not there.
 */
export async function chooseBackend(wanted: "auto" | BackendName = "auto"): Promise<Backend> {
  tf.enableProdMode();
  if (wanted === "cpu")
    return eager(await startCpu("Plain JavaScript was asked for; it is slow and meant for checks."));
  if (wanted === "wasm") return eager(await startWasm("WebAssembly was asked for."));
  return eager(await (wanted === "webgpu" ? forcedWebGpu() : automatic()));
}

/** Live tensors of the active tfjs backend: for checks that nothing is left behind. */
export function liveTensors(): number {
  return tf.memory().numTensors;
}
