/**
 * A Vite plugin for the kernels in AssemblyScript: the module "virtual:kernels" is what they compile to, in base64. The
 * WebAssembly module imports the memory that it works on and keeps nothing of its own there.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./project.mjs";

const folder = join(root, "src", "tensor", "eager", "wasm", "assembly");

const options = ["--optimizeLevel", "3", "--noAssert", "--enable", "simd", "--runtime", "stub", "--use", "abort="];
const output = ["--importMemory", "--outFile", "kernels.wasm"];
/** "Exchange of 'v128' values is not supported by all embeddings": no export of the whole has one. */
const hushed = ["--disableWarning", "112"];

/** @returns {Promise<Uint8Array>} */
async function compile() {
  const { main } = await import("assemblyscript/asc");
  /** @type {Uint8Array | undefined} */
  let binary;
  let said = "";
  const { error } = await main(["index.ts", "--baseDir", folder, ...options, ...output, ...hushed], {
    writeFile: (_, contents) => {
      if (contents instanceof Uint8Array) binary = contents;
    },
    stderr: { write: (text) => (said += String(text)) },
  });
  if (error !== null || said !== "" || binary === undefined)
    throw new Error(`The kernels in ${folder} could not be compiled. ${error?.message ?? ""}\n${said}`);
  return binary;
}

/** @returns {import("vite").Plugin} */
export function assembly() {
  return {
    name: "assembly",
    resolveId: { filter: { id: /^virtual:kernels$/ }, handler: (id) => `\0${id}` },
    load: {
      filter: { id: /^\0virtual:kernels$/ },
      async handler() {
        for (const file of readdirSync(folder)) this.addWatchFile(join(folder, file));
        return `export default ${JSON.stringify(Buffer.from(await compile()).toString("base64"))};`;
      },
    },
  };
}
