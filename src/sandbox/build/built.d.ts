/** Served by snapshot-plugin.mjs: the address of the snapshot, compressed with gzip. */
declare module "virtual:python-snapshot" {
  const url: string;
  export { url as default };
}

/** The address of Pyodide's WebAssembly, made to record its writes. */
declare module "virtual:python-wasm" {
  const url: string;
  export { url as default };
}

/** The addresses of the snapshot with SymPy and of SymPy's source, or a sentence that says why they are not there. */
declare module "virtual:python-sympy" {
  const files: { snapshot: string; archive: string } | { missing: string };
  export { files as default };
}
