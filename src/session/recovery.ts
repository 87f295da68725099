/**
 * What is done about a backend that fails in the middle of a run. A lost device is opened anew, a full memory is asked
 * for half as much; what strikes one step a third time, or gives no reason to hope, is left for WebAssembly.
 */
import type { LabConfig } from "../config/schema";
import type { NoticeCode } from "../core/events";
import type { Fault } from "../core/result";
import { type Backend, chooseBackend } from "../tensor/device";
import { defaultMemory } from "../tensor/engine";
import { notebook } from "./notebook";

export interface Remedy {
  backend: Backend;
  /** Bytes that the policy may take on it; undefined for what suits the backend. */
  memoryBudget: number | undefined;
  notice: NoticeCode;
}

/** Below this a GPU's memory is too small to be of use. */
const leastMemory = 2 ** 26;

/** Times that one step is tried again on WebGPU. */
const attemptsOnGpu = 2;

/** A browser that has just lost its GPU may need a moment before it finds one again. */
const attemptsToReopen = 3;
const pauseMilliseconds = 1000;

/** Whether WebGPU is worth another try, and with how much memory, after a fault that struck `attempt` times before. */
export function outlook(fault: Fault, attempt: number, memory: number): { again: boolean; memory: number } {
  const full = fault.code === "out-of-memory";
  const left = full ? memory / 2 : memory;
  const hopeful = full || fault.code === "device-lost";
  return { again: hopeful && attempt < attemptsOnGpu && left >= leastMemory, memory: left };
}

/** WebGPU as it was asked for: forced, or where the browser offers it on hardware. */
async function reopened(wanted: LabConfig["backend"]): Promise<Backend | null> {
  const reason = "A new device was opened after the last one had failed.";
  for (let attempt = 0; attempt < attemptsToReopen; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    const backend = await chooseBackend(wanted, { notebook, reason }).catch(() => null);
    if (backend?.info.name === "webgpu") return backend;
  }
  return null;
}

/**
 * Something to go on with after `fault`, which struck the same work `attempt` times before.
 *
 * @throws FaultError where not even WebAssembly is there.
 */
export async function remedyFor(
  fault: Fault,
  attempt: number,
  { wanted, memoryBudget = defaultMemory }: { wanted: LabConfig["backend"]; memoryBudget?: number },
): Promise<Remedy> {
  const { again, memory } = outlook(fault, attempt, memoryBudget);
  const backend = again ? await reopened(wanted) : null;
  const notice = fault.code === "out-of-memory" ? "less-memory" : "device-replaced";
  if (backend) return { backend, memoryBudget: memory, notice };
  const reason = `WebGPU failed here (${fault.message}), so WebAssembly was chosen.`;
  return { backend: await chooseBackend("wasm", { reason }), memoryBudget: undefined, notice: "left-webgpu" };
}
