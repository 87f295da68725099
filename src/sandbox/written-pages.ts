/**
 * Which pages of Python's memory were written. WebAssembly keeps the record of its own writes (build/record-writes.mjs),
 * in a memory of its own; JavaScript writes through views, and those are watched here. A browser without modules of two
 * memories runs the module without a record, and then every page counts as written.
 */
import { overlapBytes, pageBits, pageBytes, recordName } from "./pages.mjs";

// What is taken before `watchViews` puts others in their place.
const Bytes = Uint8Array;
const Words = Int32Array;
const pagesPerWord = 4;

/** Half-open, in bytes, beginning at a page. */
type Visit = (start: number, end: number) => void;

export class WrittenPages {
  readonly #record: Uint8Array | null;
  readonly #words: Int32Array;

  /** @param record one byte for each page, 1 where it was written; null where nobody keeps one */
  constructor(record: WebAssembly.Memory | null) {
    this.#record = record && new Bytes(record.buffer);
    this.#words = new Words(record ? record.buffer : new ArrayBuffer(0));
  }

  /** Marks the pages of a range of bytes. */
  add(address: number, bytes: number): void {
    if (!this.#record || bytes <= 0) return;
    const last = (address + bytes - 1) >>> pageBits;
    for (let page = address >>> pageBits; page <= last; page++) this.#record[page] = 1;
  }

  /**
   * Forgets all marks below `limit`, a number of bytes.
   * @param visit called with each run of marked pages in order, and what the last of its writes may have reached beyond
   */
  take(limit: number, visit: Visit): void {
    const record = this.#record;
    if (!record) {
      visit(0, limit);
      return;
    }
    const pages = Math.ceil(limit / pageBytes);
    let start = -1;
    for (let page = 0; page < pages; page++) {
      // Most are not marked: four at a time.
      if (start < 0 && page % pagesPerWord === 0 && this.#words[page / pagesPerWord] === 0) {
        page += pagesPerWord - 1;
        continue;
      }
      const marked = record[page] === 1;
      record[page] = 0;
      if (marked && start < 0) start = page;
      if (marked || start < 0) continue;
      visit(start * pageBytes, Math.min(limit, page * pageBytes + overlapBytes));
      start = -1;
    }
    if (start >= 0) visit(start * pageBytes, limit);
  }
}

/** @returns the record of an instance, where its module keeps one */
export function pagesOf(instance: WebAssembly.Instance): WrittenPages {
  const record = instance.exports[recordName];
  return new WrittenPages(record instanceof WebAssembly.Memory ? record : null);
}

/** All kinds of views of memory; not every browser has the sixteen-bit floats. */
const kinds = (
  "DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array " +
  "Float16Array Float32Array Float64Array BigInt64Array BigUint64Array"
).split(" ");

/**
 * Methods of views that write nothing, and show the view to no function that might; what any other does counts as a write
 * of the whole view.
 */
const reading = new Set("slice at indexOf lastIndexOf includes join toString".split(" "));

/**
 * Makes every view of Python's memory that JavaScript takes from now on mark what is written through it: Emscripten's
 * views, which it takes anew when memory grows, and any other. Dearer to read and write than a view, by a tenth of a
 * microsecond; Python's own code does not go through them.
 */
export function watchViews(memory: WebAssembly.Memory, pages: WrittenPages): void {
  const views = new WeakSet<object>();
  const isView = ArrayBuffer.isView.bind(ArrayBuffer);
  Reflect.defineProperty(ArrayBuffer, "isView", {
    value: (value: unknown) => isView(value) || (typeof value === "object" && value !== null && views.has(value)),
    configurable: true,
    writable: true,
  });
  for (const name of kinds) {
    const constructor: unknown = Reflect.get(globalThis, name);
    if (typeof constructor !== "function") continue;
    const watched: unknown = new Proxy(constructor, {
      construct(target, values: unknown[]) {
        const view: unknown = Reflect.construct(target, values);
        if (!isView(view)) throw new TypeError(`${name} made no view.`);
        if (view.buffer !== memory.buffer) return view;
        const watchedView = watchView(view, pages);
        views.add(watchedView);
        return watchedView;
      },
    });
    Reflect.defineProperty(globalThis, name, { value: watched, configurable: true, writable: true });
  }
}

function watchView(view: ArrayBufferView, pages: WrittenPages): ArrayBufferView {
  const unit = unitOf(view);
  const mark = (index: number, count: number) => pages.add(view.byteOffset + index * unit, count * unit);
  const watched: ArrayBufferView = new Proxy(view, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function" || typeof key === "symbol") return value;
      // The watched one, by its name.
      const constructor: unknown = key === "constructor" && Reflect.get(globalThis, value.name);
      if (constructor) return constructor;
      return (...values: unknown[]): unknown => {
        const [index, count] = rangeOf(key, values, target.byteLength / unit);
        mark(index, count);
        const result: unknown = Reflect.apply(value, target, values);
        return result === target ? watched : result;
      };
    },
    set(target, key, value) {
      mark(Number(key), 1);
      return Reflect.set(target, key, value);
    },
    defineProperty(target, key, descriptor) {
      mark(Number(key), 1);
      return Reflect.defineProperty(target, key, descriptor);
    },
  });
  return watched;
}

/** How many bytes an index of the view counts. */
function unitOf(view: ArrayBufferView): number {
  return "BYTES_PER_ELEMENT" in view ? Number(view.BYTES_PER_ELEMENT) : 1;
}

/** Which elements a method writes, or lets be written: from where, how many. */
function rangeOf(method: string, values: unknown[], length: number): [index: number, count: number] {
  const [first, second, third] = values;
  if (reading.has(method) || method.startsWith("get")) return [0, 0];
  // A DataView's, of which the index is a byte's.
  if (/^set[A-Z]/.test(method)) return [Number(first), overlapBytes];
  if (method === "set" && typeof first === "object" && first !== null && "length" in first) {
    return [Number(second ?? 0), Number(first.length)];
  }
  // What `subarray` returns is not watched, so that all of it counts.
  if (method === "subarray") return between(first, second, length);
  return method === "fill" ? between(second, third, length) : [0, length];
}

/** Counted from the end where they are negative, which Emscripten does not do. */
function between(from: unknown, to: unknown, length: number): [index: number, count: number] {
  const [start, end] = [Number(from ?? 0), Number(to ?? length)];
  return start < 0 || end < 0 ? [0, length] : [start, Math.min(end, length) - start];
}
