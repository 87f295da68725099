/** What is done about a fault; that a device is really opened again is tried in a browser (e2e/specs/gpu-faults.spec.ts). */
import { expect, test } from "vitest";
import type { Fault } from "../core/result";
import { outlook, remedyFor } from "./recovery";

const fault = (code: string): Fault => ({ at: "backend", code, message: "m", hint: "h" });
const gibibyte = 2 ** 30;

test.each([
  ["a lost device", "device-lost", 0, gibibyte, true, gibibyte],
  ["a device that is lost again", "device-lost", 1, gibibyte, true, gibibyte],
  ["a device that is lost a third time", "device-lost", 2, gibibyte, false, gibibyte],
  ["a full memory", "out-of-memory", 0, gibibyte, true, gibibyte / 2],
  ["a memory that gets too small to be of use", "out-of-memory", 0, 2 ** 26, false, 2 ** 25],
  ["a command that is refused", "invalid", 0, gibibyte, false, gibibyte],
])("after %s", (_, code, attempt, memory, again, left) => {
  expect(outlook(fault(code), attempt, memory)).toEqual({ again, memory: left });
});

test("where WebGPU does not come back, WebAssembly takes over and says why", async () => {
  const { backend, notice, memoryBudget } = await remedyFor(fault("device-lost"), 0, { wanted: "webgpu" });
  expect(backend.info).toMatchObject({ name: "wasm", reason: "WebGPU failed here (m), so WebAssembly was chosen." });
  expect(notice).toBe("left-webgpu");
  expect(memoryBudget).toBeUndefined();
});
