/** Served by snapshot-plugin.mjs: the address of the snapshot, compressed with gzip. */
declare module "virtual:python-snapshot" {
  const url: string;
  export { url as default };
}
