/**
 * The interpreter's memory as it was after boot, put back in place between snippets: namespace, modules, builtins,
 * class attributes, random state, allocator and C stack alike. Only pages that were written are written again
 * (written-pages.ts), which for most snippets are some hundred of eight thousand.
 *
 * That the rest is as it was is not taken on trust: after each time, another part of the memory is compared with what
 * it has to be.
 */
import { pageBytes } from "./pages.mjs";
import type { WrittenPages } from "./written-pages";

/** The memory of a WebAssembly instance, and which of its pages were written. */
export interface RecordedMemory {
  memory: WebAssembly.Memory;
  pages: WrittenPages;
}

// Taken before any Python runs, and called without a look at a prototype: the lock (lockdown.ts) freezes those, but
// nothing else would put right what is wrong here.
const Bytes = Uint8Array;
const Words = Int32Array;
const set: unknown = Reflect.get(Uint8Array.prototype, "set");
const fillAll: unknown = Reflect.get(Uint8Array.prototype, "fill");
const { apply } = Reflect;
const write = (to: Uint8Array, bytes: Uint8Array, start: number): unknown =>
  apply(set as () => void, to, [bytes, start]);
const fill = (to: Uint8Array, value: number, from: number, end: number): unknown =>
  apply(fillAll as () => void, to, [value, from, end]);

export class HeapImage {
  readonly #recorded: RecordedMemory;
  /** Whole pages up to the last one in use. Those that are empty were never written here either, and take no memory. */
  readonly #bytes: ArrayBuffer;
  readonly #words: Int32Array<ArrayBuffer>;
  readonly #parts: number;
  #nextPart = 0;

  /**
   * Copies the memory as it is now.
   * @param parts in how many restores all of the memory is compared once
   */
  constructor(recorded: RecordedMemory, parts: number) {
    this.#recorded = recorded;
    this.#parts = parts;
    const { memory, pages } = recorded;
    const words = new Words(memory.buffer);
    const isUsed = (start: number): boolean => !isEmpty(words, start / 4, (start + pageBytes) / 4);
    let end = memory.buffer.byteLength;
    while (end > 0 && !isUsed(end - pageBytes)) end -= pageBytes;
    this.#bytes = new ArrayBuffer(end);
    this.#words = new Words(this.#bytes);
    const bytes = new Bytes(this.#bytes);
    for (let start = 0; start < end; start += pageBytes) {
      if (isUsed(start)) write(bytes, new Bytes(memory.buffer, start, pageBytes), start);
    }
    pages.take(memory.buffer.byteLength, () => undefined);
  }

  /**
   * Puts the memory back; memory that was grown since stays grown, and is zero again.
   * @throws where a part of the memory that nobody is known to have written is not as it was
   */
  restore(): void {
    const { memory, pages } = this.#recorded;
    const heap = new Bytes(memory.buffer);
    const known = this.#bytes.byteLength;
    pages.take(heap.length, (start, end) => {
      if (start < known) write(heap, new Bytes(this.#bytes, start, Math.min(end, known) - start), start);
      if (end > known) fill(heap, 0, Math.max(start, known), end);
    });
    this.#compareNextPart();
  }

  #compareNextPart(): void {
    const words = this.#words;
    const heap = new Words(this.#recorded.memory.buffer);
    const size = Math.ceil(heap.length / this.#parts);
    const from = this.#nextPart * size;
    const end = Math.min(heap.length, from + size);
    this.#nextPart = (this.#nextPart + 1) % this.#parts;
    for (let index = from; index < end; index++) {
      const expected = index < words.length ? words[index] : 0;
      if (heap[index] !== expected) throw new Error(`Memory at ${4 * index} was written and not put back.`);
    }
  }
}

/** A plain loop: with a callback for each of eight million words it takes a tenth of a second. */
function isEmpty(words: Int32Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (words[index] !== 0) return false;
  return true;
}
