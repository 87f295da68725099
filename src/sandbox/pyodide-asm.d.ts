/** Pyodide ships no types for its Emscripten loader; `loadPyodide` takes its default export as an option. */
declare module "pyodide/pyodide.asm.mjs" {
  import type { loadPyodide } from "pyodide";

  type PyodideOptions = NonNullable<Parameters<typeof loadPyodide>[0]>;
  const createPyodideModule: NonNullable<PyodideOptions["createPyodideModule"]>;
  export { createPyodideModule as default };
}
