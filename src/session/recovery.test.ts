/** What is done where WebGPU is not to be had again; that it is, is tried in a browser (e2e/specs/gpu-faults.spec.ts). */
import { expect, test } from "vitest";
import type { Fault } from "../core/result";
import { remedyFor } from "./recovery";

const fault = (code: string): Fault => ({ at: "backend", code, message: "m", hint: "h" });

test.each([
  ["a device that does not come back", "device-lost", 0, undefined],
  ["a memory too small to be of use", "out-of-memory", 0, 2 ** 26],
  ["a command that is refused", "invalid", 0, undefined],
  ["a third failure of one step", "device-lost", 2, undefined],
])("after %s, WebAssembly takes over", async (_, code, attempt, memory) => {
  const { backend, notice, memoryBudget } = await remedyFor(fault(code), attempt, memory);
  expect(backend.info.name).toBe("wasm");
  expect(notice).toBe("left-webgpu");
  expect(memoryBudget).toBeUndefined();
});
