/**
 * Makes the memory snapshot that every Python worker starts from: CPython booted, the driver and the library that it
 * imports loaded. A program of its own, since it fixes clock and entropy for its whole process, so that two builds
 * give the same bytes: `node make-snapshot.mjs OUT_FILE`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { loadPyodide } from "pyodide";
import createPyodideModule from "pyodide/pyodide.asm.mjs";

const epochMilliseconds = 1_767_225_600_000; // 2026-01-01T00:00:00Z, as in virtual-time.ts
const driver = readFileSync(new URL("../driver.py", import.meta.url), "utf8");

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
  };
  for (const namespace of Object.values(imports)) {
    for (const name of Object.keys(namespace)) if (name in fixed) namespace[name] = fixed[name];
  }
}

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
      /** @type {WebAssembly.Instance} */
      let started;
      fixTimeAndEntropy(imports, () => /** @type {WebAssembly.Memory} */ (started.exports["memory"]));
      instantiateWasm(imports, (instance, module) => {
        started = instance;
        receive(instance, module);
      });
    },
  });
}

// The time stamps of the in-memory files.
Object.defineProperty(Date, "now", { value: () => epochMilliseconds });
const pyodide = await loadPyodide({
  _makeSnapshot: true,
  createPyodideModule: createModule,
  jsglobals: Object.freeze({ __proto__: null }),
  env: { PYTHONHASHSEED: "0", HOME: "/home/pyodide" },
  stdin: () => null,
  stdout: () => undefined,
  stderr: () => undefined,
});
pyodide.runPython(driver);
pyodide.runPython("rehearse()");
pyodide.runPython("import gc; gc.collect()");
writeFileSync(process.argv[2], gzipSync(pyodide.makeMemorySnapshot(), { level: 9 }));
