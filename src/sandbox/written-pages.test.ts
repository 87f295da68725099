import { fc, test } from "@fast-check/vitest";
import { afterEach, beforeEach, describe, expect } from "vitest";
import { overlapBytes, pageBytes } from "./pages.mjs";
import { watchViews, WrittenPages } from "./written-pages";

const pageCount = 64;
const limit = pageCount * pageBytes;

/** Enough for 64 pages, and for all others that an address could name. */
const makeRecord = () => new WebAssembly.Memory({ initial: 1, maximum: 1 });

function takeAll(pages: WrittenPages): [start: number, end: number][] {
  const runs: [number, number][] = [];
  pages.take(limit, (start, end) => runs.push([start, end]));
  return runs;
}

describe("marks", () => {
  const aRange = fc.record({ address: fc.nat(limit - 1), bytes: fc.nat(3 * pageBytes) });

  test.prop([fc.array(aRange)])("come back in order, each page once, as a slow loop finds them", (ranges) => {
    const pages = new WrittenPages(makeRecord());
    const expected = new Set<number>();
    for (const { address, bytes } of ranges) {
      const inside = Math.min(bytes, limit - address);
      pages.add(address, inside);
      for (let at = address; at < address + inside; at++) expected.add(Math.floor(at / pageBytes));
    }
    const runs = takeAll(pages);
    const found = runs.flatMap(([start, end]) => {
      const last = Math.floor((end - 1 - (end < limit ? overlapBytes : 0)) / pageBytes);
      return Array.from({ length: last - start / pageBytes + 1 }, (_, index) => start / pageBytes + index);
    });
    expect(found).toEqual([...expected].sort((a, b) => a - b));
    expect(takeAll(pages)).toEqual([]);
  });

  test("reach a little beyond a run, for a write across its end, but not beyond the limit", () => {
    const pages = new WrittenPages(makeRecord());
    pages.add(pageBytes, 1);
    pages.add(limit - 1, 1);
    expect(takeAll(pages)).toEqual([
      [pageBytes, 2 * pageBytes + overlapBytes],
      [limit - pageBytes, limit],
    ]);
  });

  test("are everywhere where nobody keeps a record", () => {
    const pages = new WrittenPages(null);
    expect(takeAll(pages)).toEqual([[0, limit]]);
    expect(takeAll(pages)).toEqual([[0, limit]]);
  });
});

describe("a view of Python's memory", () => {
  const names = ["Int8Array", "Uint8Array", "Int16Array", "Int32Array", "Float64Array", "BigInt64Array", "DataView"];
  const originals = new Map(names.map((name) => [name, Reflect.getOwnPropertyDescriptor(globalThis, name)]));
  const isView = Reflect.getOwnPropertyDescriptor(ArrayBuffer, "isView");
  const untouched = Uint8Array;
  let memory = new WebAssembly.Memory({ initial: 4 });
  let pages = new WrittenPages(null);

  beforeEach(() => {
    memory = new WebAssembly.Memory({ initial: 4 });
    pages = new WrittenPages(makeRecord());
    watchViews(memory, pages);
  });

  afterEach(() => {
    for (const [name, original] of [...originals, ["isView", isView] as const]) {
      if (original) Reflect.defineProperty(name === "isView" ? ArrayBuffer : globalThis, name, original);
    }
  });

  /** Pages that hold a byte other than zero, and those that are marked. */
  function changedAndMarked(): { changed: number[]; marked: number[] } {
    const bytes = new untouched(memory.buffer);
    const changed = Array.from({ length: pageCount }, (_, page) => page).filter((page) =>
      bytes.subarray(page * pageBytes, (page + 1) * pageBytes).some((byte) => byte !== 0),
    );
    const marked = takeAll(pages).flatMap(([start, end]) =>
      Array.from({ length: Math.floor((end - start) / pageBytes) }, (_, index) => start / pageBytes + index),
    );
    return { changed, marked };
  }

  const at = 5 * pageBytes;
  test.each<[string, () => void]>([
    ["an element", () => (new Uint8Array(memory.buffer)[at] = 1)],
    ["an element of four bytes", () => (new Int32Array(memory.buffer)[at / 4] = -1)],
    ["an element of eight bytes", () => (new BigInt64Array(memory.buffer)[at / 8] = -1n)],
    ["an element of a view that begins further on", () => (new Int16Array(memory.buffer, at, 9)[3] = 1)],
    ["set", () => new Uint8Array(memory.buffer).set([1, 2, 3], at)],
    ["set, where the view begins", () => new Int32Array(memory.buffer, at).set([1, 2, 3])],
    ["fill", () => new Float64Array(memory.buffer).fill(1.5, at / 8, at / 8 + 2)],
    ["a DataView", () => new DataView(memory.buffer).setUint32(at, 7, true)],
    ["a part of it", () => (new Uint8Array(memory.buffer).subarray(at, at + 2)[1] = 1)],
    [
      "a property that is defined",
      () => Object.defineProperty(new Uint8Array(memory.buffer), String(at), { value: 1 }),
    ],
    ["what fill returns", () => (new Uint8Array(memory.buffer).fill(0, 0, 0)[at] = 1)],
    ["its constructor", () => (construct(new Uint8Array(memory.buffer).constructor)[at] = 1)],
  ])("marks what is written by %s, and no more", (_name, write) => {
    write();
    expect(changedAndMarked()).toEqual({ changed: [5], marked: [5] });
  });

  function construct(constructor: unknown): Uint8Array {
    const made: unknown = typeof constructor === "function" && Reflect.construct(constructor, [memory.buffer]);
    return made as Uint8Array;
  }

  test("counts as written whole where a function is shown the view itself", () => {
    const view = new Uint8Array(memory.buffer, 0, 2 * pageBytes);
    view.forEach((_value, index, whole) => {
      if (index === pageBytes) whole[index] = 1;
    });
    expect(changedAndMarked()).toEqual({ changed: [1], marked: [0, 1] });
  });

  test("counts as written whole by a method that is not known to write less", () => {
    const view = new Uint8Array(memory.buffer, 0, 3 * pageBytes);
    view[0] = 1;
    view.copyWithin(2 * pageBytes, 0, 1);
    expect(changedAndMarked()).toEqual({ changed: [0, 2], marked: [0, 1, 2] });
    view.fill(1, -1);
    expect(changedAndMarked().marked).toEqual([0, 1, 2]);
  });

  test("marks nothing when it is read, and is a view to whoever asks", () => {
    const view = new Uint8Array(memory.buffer);
    expect([view[7], view.length, view.indexOf(1), view.slice(0, 2).length]).toEqual([
      0,
      memory.buffer.byteLength,
      -1,
      2,
    ]);
    expect(new DataView(memory.buffer).getFloat64(8)).toBe(0);
    expect([ArrayBuffer.isView(view), view instanceof Uint8Array]).toEqual([true, true]);
    expect(changedAndMarked().marked).toEqual([]);
  });

  test("goes on being watched when memory grows", () => {
    memory.grow(4);
    new Uint8Array(memory.buffer)[at] = 1;
    expect(changedAndMarked().marked).toEqual([5]);
  });

  test("of anything else is left alone", () => {
    const view = new Uint8Array(8);
    view[0] = 1;
    expect(view.subarray(0, 1)).toEqual(untouched.of(1));
    expect(changedAndMarked().marked).toEqual([]);
  });
});
