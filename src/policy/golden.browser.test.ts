import { afterEach, expect, test } from "vitest";
import jsonText from "../../e2e/golden/policy-a.json?raw";
import file from "../../e2e/golden/policy-a.safetensors?url";
import { chooseBackend, liveTensors } from "../tensor/device";
import { checkGolden } from "./golden";

const json: unknown = JSON.parse(jsonText);

async function bytes(): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(file)).arrayBuffer());
}

afterEach(() => {
  expect(liveTensors()).toBe(0);
});

test("auto skips a software adapter, and says so", async () => {
  const { info } = await chooseBackend("auto");
  expect(info).toMatchObject({ name: "wasm", adapter: "WebAssembly with SIMD" });
  expect(info.reason).toContain("software");
});

test("is equal to PyTorch on wasm in a browser", async () => {
  const { quantities } = await checkGolden(await chooseBackend("wasm"), await bytes(), json);
  expect(quantities.filter(({ passed }) => !passed)).toEqual([]);
  expect(quantities).toHaveLength(10);
});

// A software GPU on a busy machine is slow.
test("is equal to PyTorch on WebGPU", async () => {
  const backend = await chooseBackend("webgpu");
  expect(backend.info.name).toBe("webgpu");
  const { quantities } = await checkGolden(backend, await bytes(), json);
  expect(quantities.filter(({ passed }) => !passed)).toEqual([]);
  expect(quantities).toHaveLength(10);
}, 400_000);
