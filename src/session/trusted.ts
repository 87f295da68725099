/** What of the machine is used, after it was tried on the policy that is to run on it. */
import type { LabConfig } from "../config/schema";
import type { LabEvent } from "../core/events";
import { faultOf } from "../core/result";
import { halfPrecisionTest, selfTest } from "../policy/self-test";
import { type Backend, chooseBackend } from "../tensor/device";
import type { CacheStorage } from "../tensor/engine";
import { type Remedy, remedyFor } from "./recovery";
import type { StartingPoint } from "./starting-point";

/** Tells how many of the kernels that are needed next are compiled. */
export function compileProgress(emit: (event: LabEvent) => void): (done: number, total: number) => void {
  return (done, total) => emit({ type: "progress", task: "compile", done, total });
}

/** What has passed its tests, or what stands in for it. */
export interface Trusted extends Pick<Remedy, "backend" | "memoryBudget"> {
  cacheStorage: CacheStorage;
}

/**
 * The backend, where it computes this policy as the cpu does; else WebAssembly, and a loud word about it. A device that
 * fails meanwhile is answered as in the middle of a run.
 */
export async function trusted(
  first: Backend,
  { config, weights }: Pick<StartingPoint, "config" | "weights">,
  { wanted, emit }: { wanted: Pick<LabConfig, "backend" | "cacheStorage">; emit: (event: LabEvent) => void },
): Promise<Trusted> {
  let [backend, memoryBudget]: [Backend, number | undefined] = [first, undefined];
  let notHalf: string | null = "only WebGPU has them";
  for (let attempt = 0; backend.info.name === "webgpu"; attempt++) {
    emit({ type: "progress", task: "self-test", done: 0, total: 0 });
    try {
      const options = { memoryBudget, onCompiled: compileProgress(emit) };
      const wrong = await selfTest(backend, config, weights, options);
      if (wrong === null) {
        if (wanted.cacheStorage === "f16") notHalf = await halfPrecisionTest(backend, config, weights, options);
        break;
      }
      emit({ type: "notice", code: "self-test-failed", message: `${backend.info.adapter}: ${wrong}` });
      backend.close();
      const reason = `WebGPU failed its self-test here (${wrong}), so WebAssembly was chosen.`;
      backend = await chooseBackend("wasm", { reason });
    } catch (error) {
      const fault = faultOf(error, "policy");
      backend.close();
      if (fault.at !== "backend") throw error;
      const remedy = await remedyFor(fault, attempt, { wanted: wanted.backend, memoryBudget });
      emit({ type: "notice", code: remedy.notice, message: fault.message });
      ({ backend, memoryBudget } = remedy);
    }
  }
  emit({ type: "progress", task: "self-test", done: 1, total: 1 });
  if (wanted.cacheStorage === "f32") return { backend, memoryBudget, cacheStorage: "f32" };
  if (notHalf !== null) emit({ type: "notice", code: "f32-caches", message: `Caches in f16: ${notHalf}.` });
  return { backend, memoryBudget, cacheStorage: notHalf === null ? "f16" : "f32" };
}
