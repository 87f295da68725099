/** Served by snapshot-plugin.mjs: the address of the snapshot, compressed with gzip. */
declare module "virtual:python-snapshot" {
  const url: string;
  export { url as default };
}

/** Served by wat-plugin.mjs: an assembled WebAssembly module. */
declare module "*.wat" {
  const bytes: Uint8Array<ArrayBuffer>;
  export { bytes as default };
}
