/**
 * What is done about a backend that fails in the middle of a run. A lost device is opened anew, a full memory is asked
 * for half as much, and whatever fails twice at one step, or gives no reason to hope, is left for WebAssembly.
 */
import type { NoticeCode } from "../core/events";
import type { Fault } from "../core/result";
import { type Backend, chooseBackend } from "../tensor/device";
import { notebook } from "./notebook";

export interface Remedy {
  backend: Backend;
  /** Bytes that the policy may take on it; undefined for what suits the backend. */
  memoryBudget: number | undefined;
  notice: NoticeCode;
}

/** Below this a GPU's memory is too small to be of use. */
const leastMemory = 2 ** 26;
const usualMemory = 2 ** 30;

/** Times that one step is tried on WebGPU after a failure. */
const attemptsOnGpu = 2;

/** A browser that has just lost its GPU may need a moment before it finds one again. */
const pause = 1000;

async function reopened(): Promise<Backend | null> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      return await chooseBackend("webgpu", notebook);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return null;
}

/**
 * Something to go on with after `fault`, which struck a step for the `attempt`-th time (from 0).
 *
 * @throws FaultError where not even WebAssembly is there.
 */
export async function remedyFor(fault: Fault, attempt: number, memoryBudget = usualMemory): Promise<Remedy> {
  const full = fault.code === "out-of-memory";
  const memory = full ? memoryBudget / 2 : memoryBudget;
  const hopeful = (fault.code === "device-lost" || full) && attempt < attemptsOnGpu && memory >= leastMemory;
  const again = hopeful ? await reopened() : null;
  if (again) return { backend: again, memoryBudget: memory, notice: full ? "less-memory" : "device-replaced" };
  return { backend: await chooseBackend("wasm"), memoryBudget: undefined, notice: "left-webgpu" };
}
