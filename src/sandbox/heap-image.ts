/**
 * The interpreter's memory as it was after boot, put back in place between snippets: namespace, modules, builtins,
 * class attributes, random state, allocator and C stack alike, in well under a millisecond. Only runs of pages with
 * anything in them are kept (about half of the heap); the rest is known to be zero.
 *
 * Everything is written again, changed or not. Finding the changed pages first, by a WebAssembly kernel that compares
 * heap and image, took longer (0.52 against 0.42 ms for 15 MB): both are bound by reading the same memory. Trusting a
 * list of written pages would be faster, but JavaScript writes into the heap too and is on no such list.
 */
const pageBytes = 4096;

/** Where a WebAssembly instance keeps the end of its heap; addresses in bytes. */
export interface MemoryLayout {
  memory: WebAssembly.Memory;
  /** Address of the 32-bit word that holds the program break. */
  breakPointer: number;
}

/** Half-open, in bytes. */
interface Run {
  start: number;
  end: number;
}

// Taken before any Python runs, and called without a look at a prototype: the lock (lockdown.ts) freezes those, but
// nothing else would put right what is wrong here. For the same reason `restore` iterates by index.
const set: unknown = Reflect.get(Uint8Array.prototype, "set");
const fillAll: unknown = Reflect.get(Uint8Array.prototype, "fill");
const { apply } = Reflect;
const write = (to: Uint8Array, bytes: Uint8Array, start: number): unknown =>
  apply(set as () => void, to, [bytes, start]);
const fill = (to: Uint8Array, value: number, from: number, end: number): unknown =>
  apply(fillAll as () => void, to, [value, from, end]);

export class HeapImage {
  readonly #layout: MemoryLayout;
  readonly #kept: { start: number; bytes: Uint8Array<ArrayBuffer> }[] = [];
  readonly #zeroed: Run[] = [];
  /** The end of what the image knows: the break after boot, rounded up to a page. */
  readonly #end: number;

  /** Copies the heap as it is now. */
  constructor(layout: MemoryLayout) {
    this.#layout = layout;
    this.#end = wholePages(readBreak(layout));
    const heap = new Uint8Array(layout.memory.buffer);
    for (const { start, end, empty } of findRuns(layout.memory.buffer, this.#end)) {
      if (empty) this.#zeroed.push({ start, end });
      else this.#kept.push({ start, bytes: heap.slice(start, end) });
    }
  }

  /** Puts the heap back; memory that was grown since stays grown, and is zero again. */
  restore(): void {
    const heap = new Uint8Array(this.#layout.memory.buffer);
    const reached = Math.min(heap.length, wholePages(readBreak(this.#layout)));
    for (let index = 0; index < this.#kept.length; index++) {
      const { start, bytes } = this.#kept[index];
      write(heap, bytes, start);
    }
    for (let index = 0; index < this.#zeroed.length; index++) {
      const { start, end } = this.#zeroed[index];
      fill(heap, 0, start, end);
    }
    if (reached > this.#end) fill(heap, 0, this.#end, reached);
  }
}

function readBreak(layout: MemoryLayout): number {
  return new DataView(layout.memory.buffer).getUint32(layout.breakPointer, true);
}

function wholePages(address: number): number {
  return Math.ceil(address / pageBytes) * pageBytes;
}

/** Maximal runs of pages below `end` that are all empty or all in use, in order. */
function findRuns(buffer: ArrayBufferLike, end: number): (Run & { empty: boolean })[] {
  const words = new Int32Array(buffer);
  const runs: (Run & { empty: boolean })[] = [];
  for (let start = 0; start < end; start += pageBytes) {
    const empty = isEmpty(words, start / 4, (start + pageBytes) / 4);
    const last = runs.at(-1);
    if (last?.empty === empty) last.end += pageBytes;
    else runs.push({ start, end: start + pageBytes, empty });
  }
  return runs;
}

/** A plain loop: with a callback for each of eight million words it takes a tenth of a second. */
function isEmpty(words: Int32Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (words[index] !== 0) return false;
  return true;
}
