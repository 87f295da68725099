/** Adapters that are there and of no use: what is chosen instead, and what is said. */
import { afterEach, describe, expect, test } from "vitest";
import { FaultError } from "../core/result";
import { chooseBackend } from "./device";

const { gpu } = navigator;
const request = gpu.requestAdapter.bind(gpu);

/** The browser's own adapter, but calling itself hardware, and refusing to open a device. */
async function refusing(why: string): Promise<GPUAdapter> {
  const adapter = await request();
  if (!adapter) throw new Error("This test needs an adapter.");
  return {
    info: { vendor: "nobody", architecture: "", device: "", description: "a real one", isFallbackAdapter: false },
    limits: adapter.limits,
    features: adapter.features,
    requestDevice: () => Promise.reject(new TypeError(why)),
  } as unknown as GPUAdapter;
}

afterEach(() => {
  gpu.requestAdapter = request;
});

describe("an adapter that opens no device", () => {
  test("is passed over: WebAssembly is chosen, and the reason is said", async () => {
    const adapter = await refusing("the limit maxBufferSize is not supported");
    gpu.requestAdapter = () => Promise.resolve(adapter);
    const { info } = await chooseBackend("auto");
    expect(info.name).toBe("wasm");
    expect(info.reason).toContain("the limit maxBufferSize is not supported");
    expect(info.reason).toContain("so WebAssembly was chosen");
  });

  test("is a fault with a hint where WebGPU was asked for", async () => {
    const adapter = await refusing("no");
    gpu.requestAdapter = () => Promise.resolve(adapter);
    const thrown = await chooseBackend("webgpu").catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(FaultError);
    expect(thrown).toMatchObject({ fault: { at: "backend", code: "unavailable" } });
    expect(String(thrown)).toContain("Choose the backend auto or wasm");
  });
});

test("a browser that throws instead of saying that it has no adapter is one without", async () => {
  gpu.requestAdapter = () => Promise.reject(new Error("blocked"));
  const { info } = await chooseBackend("auto");
  expect(info).toMatchObject({ name: "wasm", reason: expect.stringContaining("no adapter") as string });
});
