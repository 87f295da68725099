/**
 * The interpreter's memory as it was after boot, put back in place between snippets: namespace, modules, builtins,
 * class attributes, random state, allocator and C stack alike. Runs of 64 KiB pages with anything in them are kept
 * (about half of the heap); the rest is known to be zero. Restoring compares all of it and writes the pages that
 * differ (heap-image.wat), which takes a fraction of a millisecond.
 */
import kernelCode from "./heap-image.wat";

const pageBytes = 65_536;

/** Where a WebAssembly instance keeps the end of its heap; addresses in bytes. */
export interface MemoryLayout {
  memory: WebAssembly.Memory;
  /** Address of the 32-bit word that holds the program break. */
  breakPointer: number;
}

/** Half-open, in bytes; whole pages of 64 KiB. `image` is the run's place among what is kept. */
interface Run {
  start: number;
  end: number;
  image: number | null;
}

/** Puts runs of the heap back. */
interface Kernel {
  restore(start: number, end: number, image: number): void;
  clear(start: number, end: number): void;
}

export class HeapImage {
  readonly #layout: MemoryLayout;
  readonly #runs: Run[];
  readonly #end: number;
  readonly #kernel: Kernel;

  /**
   * Copies the heap as it is now.
   * @param code of the kernel; where the browser does not know WebAssembly with two memories, runs are copied whole
   */
  constructor(layout: MemoryLayout, code = kernelCode) {
    this.#layout = layout;
    this.#end = Math.ceil(readBreak(layout) / pageBytes) * pageBytes;
    this.#runs = findRuns(layout.memory.buffer, this.#end);
    const kept = this.#runs.filter(({ image }) => image !== null);
    const image = new WebAssembly.Memory({
      initial: kept.reduce((pages, { start, end }) => pages + (end - start) / pageBytes, 0),
    });
    for (const run of kept) copy(layout.memory, run.start, run.end, image, run.image ?? 0);
    this.#kernel = WebAssembly.validate(code)
      ? startKernel(code, layout.memory, image)
      : copyingKernel(layout.memory, image);
  }

  /** Puts the heap back; memory that was grown since stays grown, and is zero again. */
  restore(): void {
    const { memory } = this.#layout;
    const reached = Math.min(memory.buffer.byteLength, Math.ceil(readBreak(this.#layout) / pageBytes) * pageBytes);
    for (const { start, end, image } of this.#runs) {
      if (image === null) this.#kernel.clear(start, end);
      else this.#kernel.restore(start, end, image);
    }
    if (reached > this.#end) this.#kernel.clear(this.#end, reached);
  }
}

function readBreak(layout: MemoryLayout): number {
  return new DataView(layout.memory.buffer).getUint32(layout.breakPointer, true);
}

/** Maximal runs of pages below `end` that are all empty or all in use, in order. */
function findRuns(buffer: ArrayBufferLike, end: number): Run[] {
  const words = new BigUint64Array(buffer);
  const wordsPerPage = pageBytes / BigUint64Array.BYTES_PER_ELEMENT;
  const runs: Run[] = [];
  let image = 0;
  for (let page = 0; page * pageBytes < end; page++) {
    const isEmpty = words.subarray(page * wordsPerPage, (page + 1) * wordsPerPage).every((word) => word === 0n);
    const last = runs.at(-1);
    if (last && (last.image === null) === isEmpty) last.end += pageBytes;
    else runs.push({ start: page * pageBytes, end: (page + 1) * pageBytes, image: isEmpty ? null : image });
    if (!isEmpty) image += pageBytes;
  }
  return runs;
}

function copy(from: WebAssembly.Memory, start: number, end: number, to: WebAssembly.Memory, at: number): void {
  new Uint8Array(to.buffer).set(new Uint8Array(from.buffer, start, end - start), at);
}

function startKernel(code: Uint8Array<ArrayBuffer>, heap: WebAssembly.Memory, image: WebAssembly.Memory): Kernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { memories: { heap, image } });
  const { restore, clear } = exports;
  if (typeof restore !== "function" || typeof clear !== "function") throw new Error("heap-image.wat lacks a function.");
  return {
    restore: (...run) => void Reflect.apply(restore, undefined, run),
    clear: (...run) => void Reflect.apply(clear, undefined, run),
  };
}

function copyingKernel(heap: WebAssembly.Memory, image: WebAssembly.Memory): Kernel {
  return {
    restore: (start, end, at) => copy(image, at, at + end - start, heap, start),
    clear: (start, end) => void new Uint8Array(heap.buffer, start, end - start).fill(0),
  };
}
