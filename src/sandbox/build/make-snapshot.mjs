/**
 * Makes the memory snapshot that every Python worker starts from: CPython booted, the driver and the library that it
 * imports loaded, and SymPy too where its zip is named. A program of its own, since it fixes clock and entropy for its
 * whole process, so that two builds give the same bytes: `node make-snapshot.mjs OUT_FILE [SYMPY_ZIP]`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { loadPyodide } from "pyodide";
import createPyodideModule from "pyodide/pyodide.asm.mjs";
import { epochMilliseconds } from "../epoch.mjs";
import { pythonEnvironment } from "../python-environment.mjs";
import { sympyPath } from "../sympy-path.mjs";
import { universalTimeCalls } from "../universal-time.mjs";

/** Raw memory, and with it the count of fuel. */
const forgotten = ["_ctypes", "_testcapi", "_testinternalcapi", "_remote_debugging"];
/** More than WebAssembly's table of functions has entries, and less than the address of any data. */
const mostFunctions = 65_536;
/** @param {string} name */
const python = (name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
const pageBytes = 65_536;
const [out, sympyZip] = process.argv.slice(2);

/** @param {WebAssembly.Imports} imports @param {() => WebAssembly.Memory} memory */
function fixTimeAndEntropy(imports, memory) {
  /** @type {WebAssembly.ModuleImports} */
  const fixed = {
    /** @param {number} address @param {number} length */
    random_get: (address, length) => {
      new Uint8Array(memory().buffer, address, length).fill(7);
      return 0;
    },
    /** @param {number} _clock @param {bigint} _precision @param {number} address */
    clock_time_get: (_clock, _precision, address) => {
      new DataView(memory().buffer).setBigUint64(address, BigInt(epochMilliseconds) * 1_000_000n, true);
      return 0;
    },
    emscripten_date_now: () => epochMilliseconds,
    emscripten_get_now: () => 0,
    ...universalTimeCalls(memory),
  };
  for (const namespace of Object.values(imports)) {
    for (const name of Object.keys(namespace)) if (name in fixed) namespace[name] = fixed[name];
  }
}

/**
 * Takes modules out of CPython's table of built-in ones, in all of its copies: pairs of a name's address and the
 * function that makes the module. Each entry becomes a second one of its neighbour's. No list of forbidden imports can
 * do this, since a snippet can take any such list away.
 * @param {WebAssembly.Memory} memory @param {string[]} modules @throws where a module is not in the table
 */
function forgetModules(memory, modules) {
  const bytes = Buffer.from(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  /** @param {string} name @returns {number[]} where it stands as a whole C string */
  const places = (name) => {
    const found = [];
    for (let at = bytes.indexOf(`\0${name}\0`); at >= 0; at = bytes.indexOf(`\0${name}\0`, at + 1)) found.push(at + 1);
    return found;
  };
  /** @param {string} name @returns {number[]} indices of the table's words that point to it */
  const entries = (name) => {
    const addresses = new Set(places(name));
    const found = [];
    for (let index = 0; index + 3 < words.length; index++) {
      if (!addresses.has(words[index])) continue;
      const makers = [words[index + 1], words[index + 3]];
      if (makers.every((maker) => maker > 0 && maker < mostFunctions)) found.push(index);
    }
    return found;
  };
  for (const name of modules) {
    const found = entries(name);
    if (found.length === 0) throw new Error(`CPython's table has no ${name}: the pinned version has changed.`);
    for (const index of found) words.copyWithin(index, index + 2, index + 4);
  }
}

/**
 * The snapshot without the memory beyond the heap's end, which was grown for SymPy in large steps and holds nothing.
 * @param {Uint8Array} snapshot @param {number} heapEnd
 */
function cutAfter(snapshot, heapEnd) {
  // The header's second word: where the memory begins.
  const start = new DataView(snapshot.buffer, snapshot.byteOffset).getUint32(4, true);
  return snapshot.subarray(0, start + Math.ceil(heapEnd / pageBytes) * pageBytes);
}

/** @type {WebAssembly.Instance | undefined} */
let instance;

/** @param {WebAssembly.Instance} of */
const memoryOf = (of) => /** @type {WebAssembly.Memory} */ (of.exports["memory"]);

/**
 * Wraps Pyodide's own instantiation, which alone knows all of the imports.
 * @type {typeof createPyodideModule}
 */
function createModule(settings) {
  const { instantiateWasm } = settings;
  if (!instantiateWasm) throw new Error("Pyodide does not instantiate its own module: the pinned version has changed.");
  return createPyodideModule({
    ...settings,
    instantiateWasm: (imports, receive) => {
      fixTimeAndEntropy(imports, () => memoryOf(/** @type {WebAssembly.Instance} */ (instance)));
      instantiateWasm(imports, (started, module) => {
        instance = started;
        receive(started, module);
      });
    },
  });
}

// Emscripten tells Python the path of this program, which is the builder's own affair.
process.argv[1] = "python";
// The time stamps of the in-memory files.
Object.defineProperty(Date, "now", { value: () => epochMilliseconds });
const pyodide = await loadPyodide({
  _makeSnapshot: true,
  createPyodideModule: createModule,
  jsglobals: Object.freeze({ __proto__: null }),
  env: pythonEnvironment,
  stdin: () => null,
  stdout: () => undefined,
  stderr: () => undefined,
});
pyodide.runPython(python("driver.py"));
pyodide.runPython("rehearse()");
if (sympyZip !== undefined) {
  /** @type {unknown} Pyodide's types leave the file system out. */
  const untyped = pyodide;
  const { FS } = /** @type {{ FS: { writeFile: (path: string, content: Uint8Array) => void } }} */ (untyped);
  FS.writeFile(sympyPath, readFileSync(sympyZip));
  pyodide.runPython(python("load_sympy.py"));
  pyodide.runPython(`load_sympy("${sympyPath}")`);
}
pyodide.runPython("import gc; gc.collect()");
if (!instance) throw new Error("Pyodide started without its WebAssembly module.");
const memory = memoryOf(instance);
forgetModules(memory, forgotten);
const snapshot = pyodide.makeMemorySnapshot();
const breakPointer = /** @type {() => number} */ (instance.exports["emscripten_get_sbrk_ptr"])();
const heapEnd = new DataView(memory.buffer).getUint32(breakPointer, true);
writeFileSync(out, gzipSync(sympyZip === undefined ? snapshot : cutAfter(snapshot, heapEnd), { level: 9 }));
