import { describe, expect, test } from "vitest";
import { HeapImage, type MemoryLayout } from "./heap-image";
import { WrittenPages } from "./written-pages";

const page = 65_536;
const breakPointer = 16;

interface Heap {
  layout: MemoryLayout;
  bytes: () => Uint8Array;
  /** Calls `change`, and marks what it says it writes. */
  write: (from: number, to: number, change: (bytes: Uint8Array) => void) => void;
  moveBreak: (address: number) => void;
}

/** Eight pages: static data, stack, heap up to the program break inside page 5, nothing above. */
function makeHeap(recorded: boolean): Heap {
  const memory = new WebAssembly.Memory({ initial: 8, maximum: 16 });
  const pages = new WrittenPages(recorded ? new WebAssembly.Memory({ initial: 16 }) : null);
  const bytes = () => new Uint8Array(memory.buffer);
  const write: Heap["write"] = (from, to, change) => {
    pages.add(from, to - from);
    change(bytes().subarray(from, to));
  };
  const moveBreak = (address: number) => {
    pages.add(breakPointer, 4);
    new DataView(memory.buffer).setUint32(breakPointer, address, true);
  };
  moveBreak(6 * page - 100);
  return { layout: { memory, breakPointer, pages }, bytes, write, moveBreak };
}

/** Vitest's own comparison takes seconds for half a megabyte. */
function equal(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, index) => byte === second[index]);
}

describe.each([
  ["with a record of writes", true],
  ["without one", false],
])("a heap %s", (_name, recorded) => {
  test("is put back where it was changed, cleared and newly written", () => {
    const { layout, bytes, write } = makeHeap(recorded);
    bytes().set([1, 2, 3], page + 5);
    bytes().set([9], 5 * page - 1);
    const before = bytes().slice();
    const image = new HeapImage(layout, 1);
    write(100, 2 * page, (part) => part.fill(7));
    write(page, page + 10, (part) => part.fill(0));
    write(4 * page, 6 * page, (part) => part.fill(7));
    expect(equal(bytes(), before)).toBe(false);
    image.restore();
    expect(equal(bytes(), before)).toBe(true);
  });

  test("is put back at every place of a page", () => {
    const { layout, bytes, write } = makeHeap(recorded);
    bytes().fill(3, page, 2 * page);
    const before = bytes().slice();
    const image = new HeapImage(layout, 1);
    // Every place in a line of 64 bytes, in a page that is kept and in one that is zero.
    write(page, 2 * page, (part) => {
      for (let at = 0; at < 64; at++) part[4096 + 65 * at] ^= 1;
    });
    write(3 * page, 4 * page, (part) => {
      for (let at = 0; at < 64; at++) part[8191 - 65 * at] = 1;
    });
    image.restore();
    expect(equal(bytes(), before)).toBe(true);
  });

  test("is put back where a write reaches over the end of its page, the image's end too", () => {
    const { layout, bytes, write } = makeHeap(recorded);
    const before = bytes().slice();
    const image = new HeapImage(layout, 1);
    // A store marks the page that it begins in.
    for (const border of [2 * page, 6 * page]) write(border - 1, border, () => bytes().fill(7, border - 1, border + 7));
    image.restore();
    expect(equal(bytes(), before)).toBe(true);
  });

  test("is cleared where it was written above the break, grown memory included", () => {
    const { layout, bytes, write, moveBreak } = makeHeap(recorded);
    const image = new HeapImage(layout, 1);
    layout.memory.grow(4);
    moveBreak(11 * page - 1);
    write(6 * page, 11 * page, (part) => part.fill(7));
    image.restore();
    expect(
      bytes()
        .subarray(6 * page)
        .every((byte) => byte === 0),
    ).toBe(true);
    expect(new DataView(layout.memory.buffer).getUint32(breakPointer, true)).toBe(6 * page - 100);
  });
});

test("a write that nobody recorded is found within as many restores as the memory has parts", () => {
  const { layout, bytes } = makeHeap(true);
  const image = new HeapImage(layout, 4);
  bytes()[5 * page] = 1;
  // The last of four parts of six pages.
  for (let part = 0; part < 3; part++) expect(() => image.restore()).not.toThrow();
  expect(() => image.restore()).toThrow(`Memory at ${5 * page} was written and not put back.`);
});
