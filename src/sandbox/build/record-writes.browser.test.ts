// In the browser, since Node 20 takes no module with two memories.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pageBytes } from "../pages.mjs";
import { pagesOf } from "../written-pages";
import { recordWrites } from "./record-writes.mjs";
import { ByteWriter, signed, unsigned, writeSections } from "./wasm-bytes.mjs";

const memoryBytes = 4 * 65_536;
const dataBytes = 9000;

/** One exported function of the module under test: its parameters, beside the address, and its instructions. */
interface Write {
  name: string;
  /** WebAssembly's number of the second parameter's type; the third's is always i32. */
  type: number;
  parameters: number;
  instructions: number[];
}

const [i32, i64, f32, f64] = [0x7f, 0x7e, 0x7d, 0x7c];
const get = (local: number): number[] => [0x20, local];
const typeOfStore = [i32, i64, f32, f64, i32, i32, i64, i64, i64];
const offsets = [0, 3, pageBytes - 2, 100_000, 2 ** 31];

const storing: Write[] = typeOfStore.flatMap((type, index) =>
  offsets.map((offset) => ({
    name: `store ${index} at ${offset}`,
    type,
    parameters: 2,
    instructions: [...get(0), ...get(1), 0x36 + index, 0, ...unsigned(offset)],
  })),
);
const ranges: Write[] = [
  { name: "fill", code: [0x0b, 0] },
  { name: "copy", code: [0x0a, 0, 0] },
  { name: "init", code: [0x08, 0, 0] },
].map(({ name, code }) => ({
  name,
  type: i32,
  parameters: 3,
  instructions: [...get(0), ...get(1), ...get(2), 0xfc, ...code],
}));
/** An address that is itself stored, from inside another store's operands, in a function with locals of its own. */
const nested: Write = {
  name: "nested",
  type: i32,
  parameters: 2,
  instructions: [...get(0), ...get(0), ...get(1), 0x36, 0, 0, ...get(1), 0x3a, 0, ...unsigned(5 * pageBytes)],
};
const writes = [...storing, ...ranges, nested];

function vector(items: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from([...unsigned(items.length), ...items.flat()]);
}

/** A module of these functions, a memory that it exports, and a passive piece of data for `init`. */
function moduleOf(functions: readonly Write[]): Uint8Array<ArrayBuffer> {
  const name = (text: string) => [...unsigned(text.length), ...new TextEncoder().encode(text)];
  const types = functions.map(({ type, parameters }) => [0x60, parameters, i32, type, i32].slice(0, 2 + parameters));
  const bodies = functions.map(({ instructions }) => {
    const body = [1, 2, i64, ...instructions, 0x0b];
    return [...unsigned(body.length), ...body];
  });
  const data = new ByteWriter();
  data.add([1, 1]);
  data.addSized(Uint8Array.from({ length: dataBytes }, (_, index) => (index % 250) + 1));
  return writeSections([
    { id: 1, bytes: vector(types.map((type) => [...type, 0])) },
    { id: 2, bytes: vector([[...name("env"), ...name("g"), 3, i32, 0]]) },
    { id: 3, bytes: vector(functions.map((_, index) => unsigned(index))) },
    { id: 5, bytes: vector([[0, memoryBytes / 65_536]]) },
    {
      id: 7,
      bytes: vector([
        [...name("memory"), 2, 0],
        ...functions.map((each, index) => [...name(each.name), 0, ...unsigned(index)]),
      ]),
    },
    { id: 12, bytes: Uint8Array.of(1) },
    { id: 10, bytes: vector(bodies) },
    { id: 11, bytes: data.written() },
  ]);
}

const imports = { env: { g: new WebAssembly.Global({ value: "i32" }, 7) } };
const plainModule = await WebAssembly.compile(moduleOf(writes));
const recordingModule = await WebAssembly.compile(recordWrites(moduleOf(writes)));

function memoryOf(instance: WebAssembly.Instance): Uint8Array {
  const memory = instance.exports["memory"];
  if (!(memory instanceof WebAssembly.Memory)) throw new Error("The module exports no memory.");
  return new Uint8Array(memory.buffer);
}

/** Calls a function, and says whether it was stopped by WebAssembly. */
function traps(instance: WebAssembly.Instance, { name, type }: Write, values: [number, number, number]): boolean {
  const written = instance.exports[name];
  if (typeof written !== "function") throw new Error(`The module exports no ${name}.`);
  try {
    Reflect.apply(written, undefined, type === i64 ? [values[0], BigInt(values[1]), values[2]] : values);
    return false;
  } catch (thrown) {
    if (thrown instanceof WebAssembly.RuntimeError) return true;
    throw thrown;
  }
}

const anAddress = fc.oneof(
  fc.integer({ min: 0, max: memoryBytes }),
  // Around the borders of pages, and at the end of memory.
  fc
    .tuple(fc.integer({ min: 0, max: memoryBytes / pageBytes }), fc.integer({ min: -9, max: 9 }))
    .map(([page, by]) => page * pageBytes + by),
);
interface Call {
  write: Write;
  values: [number, number, number];
}

const aCall: fc.Arbitrary<Call> = fc.record({
  write: fc.constantFrom(...writes),
  values: fc.tuple(anAddress, fc.nat(dataBytes / 2), fc.nat(dataBytes / 2)),
});

describe("a module that records its writes", () => {
  /** @returns what the two do differently, or what is not marked: [] is what one wants */
  const faultsOf = (calls: readonly Call[]): string[] => {
    const plain = new WebAssembly.Instance(plainModule, imports);
    const recording = new WebAssembly.Instance(recordingModule, imports);
    const pages = pagesOf(recording);
    const faults: string[] = [];
    for (const { write, values } of calls) {
      const before = memoryOf(recording).slice();
      if (traps(recording, write, values) !== traps(plain, write, values))
        faults.push(`only one ${write.name} trapped`);
      const after = memoryOf(recording);
      const marked = new Uint8Array(after.length);
      pages.take(after.length, (start, end) => marked.fill(1, start, end));
      const missed = after.findIndex((byte, at) => byte !== before[at] && marked[at] === 0);
      if (missed >= 0) faults.push(`${write.name} is not marked at ${missed}`);
    }
    const expected = memoryOf(plain);
    const other = memoryOf(recording).findIndex((byte, at) => byte !== expected[at]);
    return other < 0 ? faults : [...faults, `the memories differ at ${other}`];
  };

  test("does what the plain one does, and marks every byte", () => {
    const sameAndMarked = fc.property(fc.array(aCall, { maxLength: 30 }), (calls) => {
      expect(faultsOf(calls)).toEqual([]);
    });
    fc.assert(sameAndMarked, { numRuns: 50 });
    expect(faultsOf(writes.map((write) => ({ write, values: [pageBytes - 1, 1, 2] })))).toEqual([]);
  });

  test("marks no page that it did not write", () => {
    const instance = new WebAssembly.Instance(recordingModule, imports);
    const pages = pagesOf(instance);
    const runs: number[][] = [];
    traps(instance, storing[0], [3 * pageBytes + 8, 1, 0]);
    traps(instance, ranges[0], [6 * pageBytes + 1, 1, 2 * pageBytes]);
    traps(instance, ranges[0], [20 * pageBytes, 1, 0]);
    pages.take(memoryBytes, (start, end) => runs.push([start / pageBytes, Math.floor(end / pageBytes)]));
    expect(runs).toEqual([
      [3, 4],
      [6, 9],
    ]);
  });

  test("is not made from one that has two memories", () => {
    expect(() => recordWrites(recordWrites(moduleOf([...writes])))).toThrow("has 2 memories");
  });

  test.each([
    ["of vectors", [...get(0), 0xfd, 12, ...Array.from({ length: 16 }, () => 0), 0xfd, 11, 0, 0], "0xfd"],
    ["of threads", [...get(0), 0x41, ...signed(1), 0xfe, 0x17, 2, 0], "0xfe"],
  ])("is not made from one with instructions %s", (_name, instructions, named) => {
    const write = { name: "unknown", type: i32, parameters: 2, instructions };
    expect(() => recordWrites(moduleOf([write]))).toThrow(`instruction ${named} is not known`);
  });
});
