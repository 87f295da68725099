/**
 * Starts Pyodide inside a worker from assets that came by message, with the imports of its WebAssembly replaced where
 * they lead out of the sandbox or would make two runs of the same code differ. Leans on names that Pyodide does not
 * promise, so the version is pinned exactly and every name is checked here, at boot.
 */
import { loadPyodide } from "pyodide";
import createPyodideModule from "pyodide/pyodide.asm.mjs";
import { epochMilliseconds } from "./epoch.mjs";
import type { SignalClock } from "./fuel";
import type { RecordedMemory } from "./heap-image";
import { pythonEnvironment } from "./python-environment.mjs";
import type { PythonAssets } from "./snippet";
import { sympyPath } from "./sympy-path.mjs";
import { universalTimeCalls } from "./universal-time.mjs";
import { pagesOf, watchViews, type WrittenPages } from "./written-pages";

type Pyodide = Awaited<ReturnType<typeof loadPyodide>>;

export interface Runtime extends RecordedMemory {
  pyodide: Pyodide;
  /** Emscripten's in-memory file system. */
  files: object;
  signalClock: SignalClock;
  /** Puts the C stack pointer back to where it was when the runtime had just started. */
  resetStack(): void;
  /** Starts the clock and the entropy that Python sees from their beginnings. */
  resetTime(): void;
  /** Overwrites Pyodide's table of JavaScript values that Python code can reach by number. */
  forgetJavaScriptValues(): void;
  /** Returns a function that puts what JavaScript keeps for the bridge to Python back to what it is now. */
  rememberBridge(): () => void;
}

/** The head of Pyodide's package list, which it checks; the list itself (119 kB) is left out with the packages. */
const lockInfo = { abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", python: "3.14.2" };
/** A snippet that asks for more gets a MemoryError. */
const memoryCapBytes = 192 * 2 ** 20;
const growthPageBytes = 65_536;
/** Growing takes every view of the memory away, so it is done in few steps. */
const growthStepBytes = 4 * 2 ** 20;
/** "Operation not permitted" in Emscripten's numbering, as its system calls return it. */
const notPermitted = -63;
const refusedCalls =
  /^__syscall_(socket|connect|bind|listen|accept4|sendto|sendmsg|recvfrom|recvmsg)$|^get(addr|name)info$/;
/**
 * Doors to JavaScript by name, and tables of protocols and hosts, which JavaScript would keep from one snippet to the
 * next, with addresses of memory that is put back; they return null, or nothing.
 */
const severedCalls =
  /^_?emscripten_(async_)?(run_script|load_script|wget|fetch|dlopen|lookup_name)|^_dl(open|sym)|^[gs]etproto(byname|bynumber|ent)$/;

/** Not watched for writes, which would make the meter's clock, read all the time, several times as dear. */
const Words = Int32Array;

/** From JavaScript's values to the references that Python's memory has of them. */
type ReferenceTables = Map<unknown, unknown>[];

/** Boots Pyodide. @throws when a name that it leans on is not there, or Python does not start */
export async function startRuntime(assets: PythonAssets): Promise<Runtime> {
  const limitResizing = capMemory();
  forgetFinalizers();
  const time = new VirtualTime();
  const references: ReferenceTables = [];
  const started: { instance: WebAssembly.Instance; pages: WrittenPages }[] = [];
  const original = { fetch: globalThis.fetch, instantiate: WebAssembly.instantiateStreaming };
  globalThis.fetch = async (url) => serveAsset(url instanceof Request ? url.url : String(url), assets);
  WebAssembly.instantiateStreaming = async (_source, imports = {}) => {
    const module = assets.wasm;
    const instance = await WebAssembly.instantiate(module, replaceImports(imports, time, references, limitResizing));
    const pages = pagesOf(instance);
    started.push({ instance, pages });
    time.memory = exportedMemory(instance);
    watchViews(time.memory, pages);
    makeRoom(time.memory, assets.snapshot);
    return { instance, module };
  };
  const inert: object = Object.freeze({ __proto__: null });
  const pyodide = await loadPyodide({
    indexURL: "https://python.invalid/",
    lockFileContents: JSON.stringify({ info: lockInfo, packages: {} }),
    createPyodideModule,
    jsglobals: inert,
    _loadSnapshot: assets.snapshot,
    env: pythonEnvironment,
    stdin: () => null,
    stdout: () => undefined,
    stderr: () => undefined,
  });
  // This worker's own copy, 31 MB: given back now rather than whenever garbage is collected.
  assets.snapshot.transfer(0);
  globalThis.fetch = original.fetch;
  WebAssembly.instantiateStreaming = original.instantiate;
  const begun = started.at(-1);
  if (!begun) throw new Error("Pyodide started without its WebAssembly module.");
  rethrowFatalErrors(pyodide);
  const runtime = makeRuntime(pyodide, begun, time, references, inert);
  if (assets.sympy) writeFile(runtime.files, sympyPath, assets.sympy);
  return runtime;
}

function makeRuntime(
  pyodide: Pyodide,
  { instance, pages }: { instance: WebAssembly.Instance; pages: WrittenPages },
  time: VirtualTime,
  references: ReferenceTables,
  inert: object,
): Runtime {
  const call = (name: string) => exportedFunction(instance, name);
  const stackPointer = number(call("emscripten_stack_get_current")());
  const setStack = call("_emscripten_stack_restore");
  const setValue = call("_hiwire_set");
  const memory = exportedMemory(instance);
  const files: unknown = Reflect.get(pyodide, "FS");
  if (typeof files !== "object" || files === null) throw missing("FS");
  return {
    pyodide,
    files,
    memory,
    pages,
    signalClock: makeSignalClock(memory, pages, exportedAddress(instance, "_Py_emscripten_signal_clock")),
    resetStack: () => void setStack(stackPointer),
    resetTime: () => time.reset(),
    forgetJavaScriptValues: () => {
      for (let index = 1; index < 7; index++) setValue(index, inert);
    },
    rememberBridge: () => rememberBridge(pyodide, references),
  };
}

function makeSignalClock(memory: WebAssembly.Memory, pages: WrittenPages, address: number): SignalClock {
  let words = new Words(memory.buffer);
  const current = () => {
    // Growing the memory takes the old buffer away.
    if (words.length === 0) words = new Words(memory.buffer);
    return words;
  };
  const write = (checks: number) => {
    pages.add(address, Words.BYTES_PER_ELEMENT);
    current()[address / 4] = checks;
  };
  return { read: () => current()[address / 4], write };
}

/** Pyodide reports a fatal error and disables itself; we restore the heap instead, so all it has to do is throw. */
function rethrowFatalErrors(pyodide: Pyodide): void {
  const api: unknown = Reflect.get(pyodide, "_api");
  if (typeof api !== "object" || api === null || !("fatal_error" in api)) {
    throw new Error("Pyodide has no _api.fatal_error: the pinned version has changed.");
  }
  api.fatal_error = (error: unknown) => {
    throw error;
  };
}

/**
 * Pyodide's bridge keeps some of itself in JavaScript: which reference stands for a value that has one already, and two
 * marks, made anew with each making of its module. After the heap is put back, both would lead to references that are
 * none any more.
 */
function rememberBridge(pyodide: Pyodide, references: ReferenceTables): () => void {
  const module: unknown = Reflect.get(pyodide, "_module");
  if (typeof module !== "object" || module === null) throw missing("_module");
  const marks = ["novalue", "error"].map((name) => {
    if (!Reflect.has(module, name)) throw missing(name);
    const value: unknown = Reflect.get(module, name);
    return { name, value };
  });
  if (references.length === 0) throw missing("__hiwire_deduplicate_new");
  const tables = references.map((table) => ({ table, known: [...table] }));
  return () => {
    for (const { name, value } of marks) Reflect.set(module, name, value);
    // A table that is made later has nothing to be put back to.
    for (const table of references) table.clear();
    for (const { table, known } of tables) for (const [value, reference] of known) table.set(value, reference);
  };
}

/**
 * Pyodide releases a Python object when JavaScript has forgotten it. Between snippets the heap is put back, so such a
 * release would come too late and strike whatever lies at that address now.
 */
function forgetFinalizers(): void {
  class InertRegistry {
    register(): void {}
    unregister(): boolean {
      return false;
    }
  }
  Reflect.defineProperty(globalThis, "FinalizationRegistry", { value: InertRegistry });
}

type Resize = (requestedBytes: number) => unknown;

/**
 * Keeps the memory below its cap. Emscripten grows it by a twentieth more than was asked for, so that how near to the
 * cap a snippet comes would depend on what the worker ran before; here what is asked for is had if and only if it is
 * within the cap.
 * @returns what is to be put around Emscripten's own function
 */
function capMemory(): (resize: Resize) => Resize {
  const memory = WebAssembly.Memory.prototype;
  const grow: unknown = Reflect.get(memory, "grow");
  if (typeof grow !== "function") throw missing("Memory.grow");
  let target = 0;
  memory.grow = function capped(pages) {
    const size = this.buffer.byteLength;
    const more = target > size ? (target - size) / growthPageBytes : pages;
    if (size + more * growthPageBytes > memoryCapBytes) throw new RangeError("Memory limit reached.");
    return number(Reflect.apply(grow, this, [more]));
  };
  return (resize) => (requestedBytes) => {
    const requested = requestedBytes >>> 0;
    if (requested > memoryCapBytes) return 0;
    target = Math.min(memoryCapBytes, Math.ceil(requested / growthStepBytes) * growthStepBytes);
    try {
      return resize(requested);
    } finally {
      target = 0;
    }
  };
}

/**
 * Pyodide copies a snapshot into memory as it finds it; one with SymPy is larger than the memory that CPython starts
 * with.
 */
function makeRoom(memory: WebAssembly.Memory, snapshot: ArrayBuffer): void {
  // The second word of its header: where in the snapshot the memory begins.
  const begins = new DataView(snapshot).getUint32(4, true);
  const missing = snapshot.byteLength - begins - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / growthPageBytes));
}

function writeFile(files: object, path: string, content: ArrayBuffer): void {
  const write: unknown = Reflect.get(files, "writeFile");
  if (typeof write !== "function") throw missing("FS.writeFile");
  // The file system keeps these very bytes; they are this worker's own.
  Reflect.apply(write, files, [path, new Uint8Array(content), { canOwn: true }]);
}

function serveAsset(url: string, assets: PythonAssets): Promise<Response> {
  // Never read: the compiled module stands ready.
  if (url.endsWith("pyodide.asm.wasm")) return Promise.resolve(new Response());
  if (url.endsWith("python_stdlib.zip")) return Promise.resolve(new Response(assets.standardLibrary));
  return Promise.reject(new Error(`The sandbox has no network: ${url}`));
}

/** Python's clock and entropy: the same readings in the same order for every snippet. */
class VirtualTime {
  memory: WebAssembly.Memory | null = null;
  #readings = 0;
  #state = 1;

  reset(): void {
    this.#readings = 0;
    this.#state = 1;
  }

  /** Milliseconds since 1970; each reading is a microsecond after the one before. */
  now(): number {
    return epochMilliseconds + this.#readings++ / 1000;
  }

  writeNanoseconds(address: number): number {
    const nanoseconds = BigInt(epochMilliseconds) * 1_000_000n + BigInt(this.#readings++) * 1000n;
    if (this.memory) new DataView(this.memory.buffer).setBigUint64(address, nanoseconds, true);
    return 0;
  }

  writeEntropy(address: number, length: number): number {
    const bytes = this.memory ? new Uint8Array(this.memory.buffer, address, length) : new Uint8Array();
    for (let index = 0; index < bytes.length; index++) {
      this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) | 0;
      bytes[index] = this.#state >>> 24;
    }
    return 0;
  }
}

function replaceImports(
  imports: WebAssembly.Imports,
  time: VirtualTime,
  references: ReferenceTables,
  limitResizing: (resize: Resize) => Resize,
): WebAssembly.Imports {
  const replacements: WebAssembly.ModuleImports = {
    random_get: (address: number, length: number) => time.writeEntropy(address, length),
    clock_time_get: (_clock: number, _precision: bigint, address: number) => time.writeNanoseconds(address),
    emscripten_date_now: () => time.now(),
    emscripten_get_now: () => time.now() - epochMilliseconds,
    ...universalTimeCalls(() => time.memory ?? noMemory()),
    _pyproxy_get_buffer_result: refuseView,
    emscripten_resize_heap: limitResizing(importedResize(imports)),
    __hiwire_deduplicate_new: () => {
      const table = new Map<unknown, unknown>();
      references.push(table);
      return table;
    },
  };
  for (const name of Object.keys(replacements)) {
    if (!Object.values(imports).some((namespace) => name in namespace))
      throw new Error(`Pyodide imports no ${name}: the pinned version has changed.`);
  }
  for (const namespace of Object.values(imports)) {
    for (const name of Object.keys(namespace)) {
      const replacement = refuse(name) ?? replacements[name];
      if (replacement !== undefined) namespace[name] = replacement;
    }
  }
  return imports;
}

function importedResize({ env = {} }: WebAssembly.Imports): Resize {
  const resize: unknown = env["emscripten_resize_heap"];
  if (typeof resize !== "function") throw missing("emscripten_resize_heap");
  return (bytes): unknown => Reflect.apply(resize, undefined, [bytes]);
}

/** What is written through a view that JavaScript keeps would stand on no record. */
function refuseView(): never {
  throw new Error("Python's memory is not lent out.");
}

function noMemory(): never {
  throw new Error("Python asked for the time before it had memory.");
}

function refuse(name: string): (() => number) | undefined {
  if (refusedCalls.test(name)) return () => notPermitted;
  return severedCalls.test(name) ? () => 0 : undefined;
}

function missing(name: string): Error {
  return new Error(`Pyodide does not export ${name}: the pinned version has changed.`);
}

function exportedMemory(instance: WebAssembly.Instance): WebAssembly.Memory {
  const memory = instance.exports["memory"];
  if (!(memory instanceof WebAssembly.Memory)) throw missing("memory");
  return memory;
}

function exportedFunction(instance: WebAssembly.Instance, name: string): (...values: unknown[]) => unknown {
  const value = instance.exports[name];
  if (typeof value !== "function") throw missing(name);
  return (...values): unknown => Reflect.apply(value, undefined, values);
}

function exportedAddress(instance: WebAssembly.Instance, name: string): number {
  const value = instance.exports[name];
  if (!(value instanceof WebAssembly.Global)) throw missing(name);
  return number(value.value);
}

function number(value: unknown): number {
  if (typeof value !== "number") throw new Error(`Expected an address, got ${typeof value}.`);
  return value >>> 0;
}
