import { readFileSync } from "node:fs";
import binaryen from "binaryen";

/**
 * Lets a module import a `.wat` file: it gets the bytes of the assembled WebAssembly module.
 * @returns {import("vite").Plugin}
 */
export function webAssemblyText() {
  return {
    name: "webassembly-text",
    load(id) {
      if (!id.endsWith(".wat")) return undefined;
      this.addWatchFile(id);
      const module = binaryen.parseText(readFileSync(id, "utf8"));
      module.setFeatures(binaryen.Features.All);
      if (!module.validate()) throw new Error(`${id} is not valid WebAssembly.`);
      const code = Buffer.from(module.emitBinary()).toString("base64");
      module.dispose();
      return `export default Uint8Array.from(atob("${code}"), (letter) => letter.charCodeAt(0));`;
    },
  };
}
