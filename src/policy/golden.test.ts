import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { chooseBackend, liveTensors } from "../tensor/device";
import { checkGolden } from "./golden";

const bytes = readFileSync("e2e/golden/policy-a.safetensors");
const json: unknown = JSON.parse(readFileSync("e2e/golden/policy-a.json", "utf8"));

test.each(["cpu", "wasm"] as const)("is equal to PyTorch on %s and leaves no tensor behind", async (backend) => {
  const chosen = await chooseBackend(backend);
  const before = liveTensors();
  const { quantities } = await checkGolden(chosen, bytes, json);
  expect(quantities.filter(({ passed }) => !passed)).toEqual([]);
  expect(quantities).toHaveLength(10);
  expect(liveTensors()).toBe(before);
});

test("notices a weight that is off by one part in a hundred", async () => {
  const backend = await chooseBackend("wasm");
  const damaged = new Uint8Array(bytes);
  const header = JSON.parse(new TextDecoder().decode(damaged.subarray(8, 8 + bytes.readUInt32LE(0)))) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const view = new DataView(damaged.buffer);
  const at = 8 + bytes.readUInt32LE(0) + header["model.norm.weight"].data_offsets[0];
  view.setFloat32(at, view.getFloat32(at, true) * 1.01, true);
  const { passed, quantities } = await checkGolden(backend, damaged, json);
  expect(passed).toBe(false);
  expect(quantities.find(({ name }) => name === "logits")?.passed).toBe(false);
});

test("says what is missing from a golden file", async () => {
  const backend = await chooseBackend("cpu");
  await expect(checkGolden(backend, bytes, { config: {} })).rejects.toThrow("config.json: model_type");
  await expect(checkGolden(backend, bytes, [])).rejects.toThrow("not a JSON object");
});
