import { expect, test } from "vitest";
import { HeapImage, type MemoryLayout } from "./heap-image";

const page = 65_536;
const breakPointer = 16;

/** Eight pages: static data, stack, heap up to the program break inside page 5, nothing above. */
function makeLayout(): { layout: MemoryLayout; bytes: () => Uint8Array; moveBreak: (address: number) => void } {
  const memory = new WebAssembly.Memory({ initial: 8, maximum: 16 });
  const moveBreak = (address: number) => new DataView(memory.buffer).setUint32(breakPointer, address, true);
  moveBreak(6 * page - 100);
  return { layout: { memory, breakPointer }, bytes: () => new Uint8Array(memory.buffer), moveBreak };
}

/** Vitest's own comparison takes seconds for half a megabyte. */
function equal(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, index) => byte === second[index]);
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

test("misses no byte, wherever in a page it stands", () => {
  const { layout, bytes } = makeLayout();
  bytes().fill(3, page, 2 * page);
  const before = bytes().slice();
  const image = new HeapImage(layout);
  // Every place in a line of 64 bytes, in a page that is kept and in one that is zero.
  for (let at = 0; at < 64; at++) bytes()[page + 4096 + 65 * at] ^= 1;
  for (let at = 0; at < 64; at++) bytes()[3 * page + 8191 - 65 * at] = 1;
  image.restore();
  expect(equal(bytes(), before)).toBe(true);
});

test("clears what was written above the break, grown memory included", () => {
  const { layout, bytes, moveBreak } = makeLayout();
  const image = new HeapImage(layout);
  layout.memory.grow(4);
  moveBreak(11 * page - 1);
  bytes().fill(7, 6 * page, 11 * page);
  image.restore();
  expect(
    bytes()
      .subarray(6 * page)
      .every((byte) => byte === 0),
  ).toBe(true);
  expect(new DataView(layout.memory.buffer).getUint32(breakPointer, true)).toBe(6 * page - 100);
});
