import { describe, expect, test } from "vitest";
import { HeapImage, type RecordedMemory } from "./heap-image";
import { WrittenPages } from "./written-pages";

const page = 65_536;

interface Heap {
  recorded: RecordedMemory;
  bytes: () => Uint8Array;
  /** Calls `change`, and marks what it says it writes. */
  write: (from: number, to: number, change: (bytes: Uint8Array) => void) => void;
}

/** Eight pages, of which the sixth is the last in use. */
function makeHeap(hasRecord: boolean): Heap {
  const memory = new WebAssembly.Memory({ initial: 8, maximum: 16 });
  const pages = new WrittenPages(hasRecord ? new WebAssembly.Memory({ initial: 16 }) : null);
  const bytes = () => new Uint8Array(memory.buffer);
  const write: Heap["write"] = (from, to, change) => {
    pages.add(from, to - from);
    change(bytes().subarray(from, to));
  };
  bytes()[6 * page - 100] = 1;
  return { recorded: { memory, pages }, bytes, write };
}

/** Vitest's own comparison takes seconds for half a megabyte. */
function equal(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, index) => byte === second[index]);
}

describe.each([
  ["with a record of writes", true],
  ["without one", false],
])("a heap %s", (_name, hasRecord) => {
  test("is put back where it was changed, cleared and newly written", () => {
    const { recorded, bytes, write } = makeHeap(hasRecord);
    bytes().set([1, 2, 3], page + 5);
    bytes().set([9], 5 * page - 1);
    const before = bytes().slice();
    const image = new HeapImage(recorded, 1);
    write(100, 2 * page, (part) => part.fill(7));
    write(page, page + 10, (part) => part.fill(0));
    write(4 * page, 6 * page, (part) => part.fill(7));
    expect(equal(bytes(), before)).toBe(false);
    image.restore();
    expect(equal(bytes(), before)).toBe(true);
  });

  test("is put back at every place of a page", () => {
    const { recorded, bytes, write } = makeHeap(hasRecord);
    bytes().fill(3, page, 2 * page);
    const before = bytes().slice();
    const image = new HeapImage(recorded, 1);
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
    const { recorded, bytes, write } = makeHeap(hasRecord);
    const before = bytes().slice();
    const image = new HeapImage(recorded, 1);
    // A store marks the page that it begins in.
    for (const border of [2 * page, 6 * page]) write(border - 1, border, () => bytes().fill(7, border - 1, border + 7));
    image.restore();
    expect(equal(bytes(), before)).toBe(true);
  });

  test("is cleared where it was written above the image, grown memory included", () => {
    const { recorded, bytes, write } = makeHeap(hasRecord);
    const image = new HeapImage(recorded, 1);
    recorded.memory.grow(4);
    write(6 * page, 11 * page, (part) => part.fill(7));
    image.restore();
    expect(
      bytes()
        .subarray(6 * page)
        .every((byte) => byte === 0),
    ).toBe(true);
  });
});

test.each([
  ["in the image", 3 * page],
  ["above it", 7 * page],
])("a write %s that nobody recorded is found within as many restores as the memory has parts", (_where, address) => {
  const { recorded, bytes } = makeHeap(true);
  const image = new HeapImage(recorded, 4);
  bytes()[address] = 1;
  // Four parts of two pages.
  for (let part = 0; part < Math.floor(address / (2 * page)); part++) expect(() => image.restore()).not.toThrow();
  expect(() => image.restore()).toThrow(`Memory at ${address} was written and not put back.`);
});
