/**
 * Hugging Face's safetensors: an 8-byte little-endian header length, a JSON header that maps names to dtype, shape and
 * byte range, then the bytes. Reads F32, F16, BF16 (widened to 32 bits) and I32; writes F32 and I32.
 */
import { FaultError } from "../core/result";

export interface SafeTensor {
  shape: number[];
  values: Float32Array | Int32Array;
}

export interface SafeTensors {
  tensors: Map<string, SafeTensor>;
  /** The header's `__metadata__`: strings by name. */
  metadata: Record<string, string>;
}

const hint = "Choose another model.safetensors, or download this one again.";

function refuse(code: string, message: string): never {
  throw new FaultError({ at: "checkpoint", code, message, hint });
}

const bytesOf: Record<string, number> = { F32: 4, F16: 2, BF16: 2, I32: 4 };

interface Entry {
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function parseHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.byteLength < 8)
    refuse("truncated", `The file has only ${bytes.byteLength} bytes, too few for a safetensors file.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  // JSON cannot begin before the eighth byte, so anything but a brace there means another kind of file.
  if (bytes.byteLength > 8 && bytes[8] !== 0x7b)
    refuse("not-safetensors", "The file is not a safetensors file: no header begins at byte 8.");
  if (length > bytes.byteLength - 8)
    refuse("truncated", `The header says that it is ${length} bytes long, but the file ends before that.`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch {
    refuse("header", "The header of the safetensors file is not valid JSON.");
  }
  if (!isRecord(header)) refuse("header", "The header of the safetensors file is not a JSON object.");
  return { header, dataStart: 8 + length };
}

function parseEntry(name: string, value: unknown, dataLength: number): Entry {
  if (!isRecord(value) || typeof value.dtype !== "string" || !isCounts(value.shape) || !isCounts(value.data_offsets))
    refuse("header", `The header's entry for ${name} lacks a dtype, a shape or data_offsets.`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (!Object.hasOwn(bytesOf, dtype))
    refuse("dtype", `${name} is stored as ${dtype}; this lab reads ${Object.keys(bytesOf).join(", ")}.`);
  const [begin, end] = offsets;
  const expected = shape.reduce((product, size) => product * size, 1) * bytesOf[dtype];
  if (offsets.length !== 2 || end - begin !== expected)
    refuse(
      "size",
      `${name} has shape [${shape.join(", ")}] and needs ${expected} bytes, but ${end - begin} are given.`,
    );
  if (end > dataLength)
    refuse("truncated", `The file is truncated: ${name} ends at byte ${end} of ${dataLength} bytes of data.`);
  return { dtype, shape, begin, end };
}

/** IEEE 754 half to single precision. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function decode({ dtype, begin, end }: Entry, data: Uint8Array): Float32Array | Int32Array {
  // A copy, so that the values are aligned and do not keep the whole file alive.
  const bytes = new Uint8Array(data.subarray(begin, end)).buffer;
  if (dtype === "F32") return new Float32Array(bytes);
  if (dtype === "I32") return new Int32Array(bytes);
  const halves = new Uint16Array(bytes);
  if (dtype === "F16") return Float32Array.from(halves, fromHalf);
  const words = Uint32Array.from(halves, (half) => half << 16);
  return new Float32Array(words.buffer);
}

/** Throws a FaultError at "checkpoint" for a file that is damaged or not a safetensors file, or holds NaN or Infinity. */
export function readSafetensors(bytes: Uint8Array): SafeTensors {
  const { header, dataStart } = parseHeader(bytes);
  const data = bytes.subarray(dataStart);
  const tensors = new Map<string, SafeTensor>();
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") {
      if (isRecord(value)) for (const [key, text] of Object.entries(value)) metadata[key] = String(text);
      continue;
    }
    const entry = parseEntry(name, value, data.byteLength);
    const values = decode(entry, data);
    const bad = values.findIndex((number) => !Number.isFinite(number));
    if (bad >= 0) refuse("not-finite", `${name} holds ${values[bad]} at index ${bad}; weights must be finite numbers.`);
    tensors.set(name, { shape: entry.shape, values });
  }
  return { tensors, metadata };
}

/** The bytes of a safetensors file with the tensors in the map's order. Throws a RangeError where sizes disagree. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, SafeTensor>,
  metadata: Record<string, string> = { format: "pt" },
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of tensors) {
    const size = shape.reduce((product, count) => product * count, 1);
    if (size !== values.length)
      throw new RangeError(`${name}: shape [${shape.join(", ")}] has ${size} numbers, but ${values.length} are given`);
    const dtype = values instanceof Int32Array ? "I32" : "F32";
    header[name] = { dtype, shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // The reference writer pads the header with spaces so that the data begin at a multiple of 8.
  const headerLength = Math.ceil(json.byteLength / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setUint32(0, headerLength, true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}
