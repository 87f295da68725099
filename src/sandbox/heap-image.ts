/**
 * The interpreter's memory as it was after boot, put back in place between snippets: namespace, modules, builtins,
 * class attributes, random state and allocator alike, in about a millisecond. Only runs of 64 KiB pages with anything
 * in them are kept (about half of the heap); the rest is known to be zero.
 */
const pageBytes = 65_536;

/** Where a WebAssembly instance keeps its stack and the end of its heap; addresses in bytes. */
export interface MemoryLayout {
  memory: WebAssembly.Memory;
  /** Address of the 32-bit word that holds the program break. */
  breakPointer: number;
  /** The C stack, from its lowest address up to its base. Nothing on it is alive between snippets. */
  stack: { low: number; high: number };
}

interface Run {
  start: number;
  end: number;
}

export class HeapImage {
  readonly #layout: MemoryLayout;
  readonly #kept: { start: number; bytes: Uint8Array<ArrayBuffer> }[] = [];
  readonly #zeroed: Run[] = [];
  readonly #programBreak: number;

  /** Copies the heap as it is now. */
  constructor(layout: MemoryLayout) {
    this.#layout = layout;
    this.#programBreak = readBreak(layout);
    const heap = new Uint8Array(layout.memory.buffer);
    for (const { start, end, empty } of findRuns(layout.memory.buffer)) {
      if (empty) this.#zeroed.push(...withoutStack({ start, end: Math.min(end, this.#programBreak) }, layout.stack));
      else this.#kept.push({ start, bytes: heap.slice(start, end) });
    }
  }

  /** Puts the heap back; memory that was grown since stays grown, and is zero again. */
  restore(): void {
    const heap = new Uint8Array(this.#layout.memory.buffer);
    const reached = Math.min(heap.length, readBreak(this.#layout));
    for (const { start, bytes } of this.#kept) heap.set(bytes, start);
    for (const { start, end } of this.#zeroed) heap.fill(0, start, end);
    if (reached > this.#programBreak) heap.fill(0, this.#programBreak, reached);
  }
}

function readBreak(layout: MemoryLayout): number {
  return new DataView(layout.memory.buffer).getUint32(layout.breakPointer, true);
}

/** Maximal runs of pages that are all empty or all in use, in order. */
function findRuns(buffer: ArrayBufferLike): (Run & { empty: boolean })[] {
  const words = new BigUint64Array(buffer);
  const wordsPerPage = pageBytes / BigUint64Array.BYTES_PER_ELEMENT;
  const runs: (Run & { empty: boolean })[] = [];
  for (let page = 0; page * wordsPerPage < words.length; page++) {
    const empty = words.subarray(page * wordsPerPage, (page + 1) * wordsPerPage).every((word) => word === 0n);
    const last = runs.at(-1);
    if (last?.empty === empty) last.end += pageBytes;
    else runs.push({ start: page * pageBytes, end: (page + 1) * pageBytes, empty });
  }
  return runs;
}

function withoutStack(run: Run, stack: MemoryLayout["stack"]): Run[] {
  const parts = [
    { start: run.start, end: Math.min(run.end, stack.low) },
    { start: Math.max(run.start, stack.high), end: run.end },
  ];
  return parts.filter(({ start, end }) => start < end);
}
