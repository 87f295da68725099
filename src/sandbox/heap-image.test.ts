import { expect, test } from "vitest";
import { HeapImage, type MemoryLayout } from "./heap-image";

const page = 65_536;
const breakPointer = 16;

/** Eight pages: static data, stack (pages 2 and 3), heap up to the program break at page 6, nothing above. */
function makeLayout(): { layout: MemoryLayout; bytes: () => Uint8Array; moveBreak: (address: number) => void } {
  const memory = new WebAssembly.Memory({ initial: 8, maximum: 16 });
  const moveBreak = (address: number) => new DataView(memory.buffer).setUint32(breakPointer, address, true);
  moveBreak(6 * page);
  const layout = { memory, breakPointer, stack: { low: 2 * page, high: 4 * page } };
  return { layout, bytes: () => new Uint8Array(memory.buffer), moveBreak };
}

/** Vitest's own comparison takes seconds for half a megabyte. */
function equal(first: Uint8Array, second: Uint8Array): boolean {
  return first.every((byte, index) => byte === second[index]);
}

test("puts back changed, cleared and newly written bytes", () => {
  const { layout, bytes } = makeLayout();
  bytes().set([1, 2, 3], page + 5);
  bytes().set([9], 5 * page - 1);
  const before = bytes().slice();
  const image = new HeapImage(layout);
  bytes().fill(7, 100, 2 * page);
  bytes().fill(0, page, page + 10);
  bytes().fill(7, 4 * page, 6 * page);
  expect(equal(bytes(), before)).toBe(false);
  image.restore();
  expect(equal(bytes(), before)).toBe(true);
});

test("clears what was written above the break, grown memory included", () => {
  const { layout, bytes, moveBreak } = makeLayout();
  const image = new HeapImage(layout);
  layout.memory.grow(4);
  moveBreak(11 * page);
  bytes().fill(7, 6 * page, 11 * page);
  image.restore();
  expect(
    bytes()
      .subarray(6 * page)
      .every((byte) => byte === 0),
  ).toBe(true);
  expect(new DataView(layout.memory.buffer).getUint32(breakPointer, true)).toBe(6 * page);
});

test("leaves the dead part of the stack alone", () => {
  const { layout, bytes } = makeLayout();
  const image = new HeapImage(layout);
  bytes().fill(7, 2 * page, 4 * page);
  image.restore();
  expect(
    bytes()
      .subarray(2 * page, 4 * page)
      .every((byte) => byte === 7),
  ).toBe(true);
});
