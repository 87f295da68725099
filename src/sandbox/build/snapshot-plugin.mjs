/**
 * Vite's part of what Python starts from. `virtual:python-snapshot` and `virtual:python-wasm` are the addresses of files
 * that every page needs; `virtual:python-sympy` says where the one with SymPy is, or why there is none.
 */
import { ensureSympy, findSympy, recordingWasmFile, snapshotFile } from "./snapshots.mjs";

/** @type {Record<string, () => string>} */
const makers = { "virtual:python-snapshot": snapshotFile, "virtual:python-wasm": recordingWasmFile };
const withSympy = "virtual:python-sympy";

/** @param {string} path @returns {string} what an import of the file's address names */
const addressOf = (path) => JSON.stringify(`${path.replaceAll("\\", "/")}?url`);

/**
 * A page is built with SymPy where it was made before, and never waits for it; a server of single modules makes it when
 * it is first asked for.
 * @param {boolean} makes @param {(sentence: string) => void} say
 */
async function sympyModule(makes, say) {
  try {
    const files = makes ? await ensureSympy(say) : findSympy();
    if (!files) return 'export default { missing: "This page was built without SymPy." };';
    const imports = Object.entries(files).map(([name, path]) => `import ${name} from ${addressOf(path)};`);
    return `${imports.join("\n")}\nexport default { snapshot, archive };`;
  } catch (error) {
    const missing = error instanceof Error ? error.message : String(error);
    say(missing);
    return `export default { missing: ${JSON.stringify(missing)} };`;
  }
}

/** @returns {import("vite").Plugin} */
export function pythonSnapshot() {
  let makes = false;
  return {
    name: "python-snapshot",
    configResolved: ({ command }) => {
      makes = command === "serve";
    },
    resolveId: (id) => {
      if (id in makers) return `${makers[id]()}?url`;
      return id === withSympy ? `\0${withSympy}` : undefined;
    },
    load(id) {
      return id === `\0${withSympy}` ? sympyModule(makes, (sentence) => this.warn(sentence)) : undefined;
    },
  };
}
