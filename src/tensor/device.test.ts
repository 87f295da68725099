import { expect, test } from "vitest";
import { FaultError } from "../core/result";
import { isSoftware } from "./adapter";
import { chooseBackend } from "./device";

test("without WebGPU, wasm is chosen and the reason is said", async () => {
  const { info } = await chooseBackend("auto");
  expect(info).toMatchObject({ name: "wasm", threads: 1 });
  expect(info.reason).toContain("so WebAssembly was chosen");
});

test("a forced backend that is not there is a fault with a hint", async () => {
  const error: unknown = await chooseBackend("webgpu").catch((thrown: unknown) => thrown);
  if (!(error instanceof FaultError)) throw new Error("no fault");
  expect(error.fault).toMatchObject({ at: "backend", code: "unavailable" });
  expect(error.fault.hint).toContain("auto or wasm");
});

test.each([
  [{ vendor: "google", architecture: "swiftshader" }, true],
  [{ vendor: "mesa", description: "llvmpipe (LLVM 19.1.7, 256 bits)" }, true],
  [{ vendor: "microsoft", description: "Microsoft Basic Render Driver" }, true],
  [{ vendor: "nvidia", architecture: "hopper", isFallbackAdapter: true }, true],
  [{ vendor: "intel", architecture: "gen-12lp", description: "Iris Xe" }, false],
  [{ vendor: "apple", architecture: "metal-3" }, false],
])("%o is software: %s", (info, software) => {
  const unnamed = { vendor: "", architecture: "", device: "", description: "", isFallbackAdapter: false };
  expect(isSoftware(Object.assign(unnamed, info))).toBe(software);
});
