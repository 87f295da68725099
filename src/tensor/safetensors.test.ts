import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FaultError } from "../core/result";
import { readSafetensors, type SafeTensor, writeSafetensors } from "./safetensors";

const finite = fc.float({ noNaN: true, noDefaultInfinity: true });

const tensor: fc.Arbitrary<SafeTensor> = fc.oneof(
  fc.array(finite, { maxLength: 12 }).map((values) => ({ shape: [values.length], values: Float32Array.from(values) })),
  fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 6, maxLength: 6 }).map((values) => ({
    shape: [2, 3],
    values: Int32Array.from(values),
  })),
  finite.map((value) => ({ shape: [], values: Float32Array.of(value) })),
);

const files = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== "__metadata__" && name !== "__proto__"),
  tensor,
  { maxKeys: 5 },
);

/** A file with a header of one's own making. */
function fileOf(header: unknown, data: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.byteLength + data.byteLength);
  new DataView(bytes.buffer).setUint32(0, json.byteLength, true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.byteLength);
  return bytes;
}

function faultCode(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes);
  } catch (error) {
    if (error instanceof FaultError && error.fault.at === "checkpoint") return error.fault.code;
    throw error;
  }
  return "none";
}

describe("reading and writing", () => {
  test("what was written is read back, to the last bit", () => {
    fc.assert(
      fc.property(files, (tensors) => {
        const map = new Map(Object.entries(tensors));
        const { tensors: read, metadata } = readSafetensors(writeSafetensors(map, { format: "pt" }));
        expect(read).toEqual(map);
        expect(metadata).toEqual({ format: "pt" });
      }),
    );
  });

  test("the data begin at a multiple of 8 bytes", () => {
    const bytes = writeSafetensors(new Map([["weights", { shape: [1], values: Float32Array.of(1) }]]));
    expect((bytes.byteLength - 4) % 8).toBe(0);
  });

  test("half and brain floats are widened", () => {
    const halves = new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x3555).buffer);
    const half = readSafetensors(fileOf({ a: { dtype: "F16", shape: [4], data_offsets: [0, 8] } }, halves));
    expect([...(half.tensors.get("a")?.values ?? [])]).toEqual([1, -2, 2 ** -24, 0.333251953125]);
    const brains = new Uint8Array(Uint16Array.of(0x3f80, 0xc000, 0x3eab).buffer);
    const brain = readSafetensors(fileOf({ a: { dtype: "BF16", shape: [3], data_offsets: [0, 6] } }, brains));
    expect([...(brain.tensors.get("a")?.values ?? [])]).toEqual([1, -2, 0.333984375]);
  });
});

describe("files that are not right", () => {
  const good = writeSafetensors(new Map([["a", { shape: [2], values: Float32Array.of(1, 2) }]]));
  const eight = new Uint8Array(8);

  test.each([
    ["an empty file", new Uint8Array(), "truncated"],
    ["a picture", Uint8Array.from({ length: 64 }, (_, i) => i + 100), "not-safetensors"],
    ["a cut header", good.subarray(0, 20), "truncated"],
    ["cut data", good.subarray(0, good.length - 1), "truncated"],
    ["a header that is not JSON", fileOf("{oops", eight), "header"],
    ["an entry without a shape", fileOf({ a: { dtype: "F32", data_offsets: [0, 8] } }, eight), "header"],
    ["an unknown dtype", fileOf({ a: { dtype: "F8", shape: [8], data_offsets: [0, 8] } }, eight), "dtype"],
    [
      "a dtype that every object has",
      fileOf({ a: { dtype: "toString", shape: [8], data_offsets: [0, 8] } }, eight),
      "dtype",
    ],
    ["a shape that needs more bytes", fileOf({ a: { dtype: "F32", shape: [3], data_offsets: [0, 8] } }, eight), "size"],
    [
      "NaN among the weights",
      fileOf({ a: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }, new Uint8Array(Float32Array.of(1, NaN).buffer)),
      "not-finite",
    ],
    [
      "Infinity among the weights",
      fileOf(
        { a: { dtype: "F32", shape: [2], data_offsets: [0, 8] } },
        new Uint8Array(Float32Array.of(1, Infinity).buffer),
      ),
      "not-finite",
    ],
  ])("%s is refused as %s", (_, bytes, code) => {
    expect(faultCode(bytes)).toBe(code);
  });

  test("any bytes are either read or refused with a sentence", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(faultCode(bytes)).toMatch(/^[a-z-]+$/);
      }),
    );
  });

  test("a damaged byte is harmless or refused with a sentence, and a cut file is always refused", () => {
    fc.assert(
      fc.property(files, fc.nat(), fc.nat(255), fc.nat(), (tensors, where, byte, cut) => {
        const bytes = writeSafetensors(new Map(Object.entries(tensors)));
        bytes[where % bytes.length] = byte;
        expect(faultCode(bytes)).toMatch(/^[a-z-]+$/);
        expect(faultCode(bytes.subarray(0, cut % bytes.length))).not.toBe("none");
      }),
    );
  });

  test("a shape that does not hold its values is not written", () => {
    expect(() => writeSafetensors(new Map([["a", { shape: [3], values: new Float32Array(2) }]]))).toThrow(RangeError);
  });
});
