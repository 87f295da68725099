/**
 * `node e2e/scripts/run.mjs sandbox-golden`: writes what plain Pyodide, without anything of ours, prints for the plain
 * part of the sandbox's corpus. The test holds the sandbox against it.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadPyodide } from "pyodide";
import { plain } from "../sandbox/corpus";
import { root } from "./project.mjs";

export async function main(): Promise<number> {
  const python = await loadPyodide({ indexURL: `${join(root, "node_modules", "pyodide")}/` });
  const golden: Record<string, string> = {};
  for (const { name, code } of plain) {
    let printed = "";
    python.setStdout({ write: (bytes) => ((printed += new TextDecoder().decode(bytes)), bytes.length) });
    // In modules of its own, as the sandbox does; a class of the snippet needs the module that it names.
    python.runPython(
      `import sys, types\nsys.modules["__main__"] = m = types.ModuleType("__main__")\nsys.stdout.flush()`,
    );
    python.runPython(`exec(${JSON.stringify(code)}, sys.modules["__main__"].__dict__)\nsys.stdout.flush()`);
    golden[name] = printed;
  }
  await writeFile(join(root, "e2e", "sandbox", "golden.json"), `${JSON.stringify(golden, null, 1)}\n`);
  console.log(`${Object.keys(golden).length} snippets`);
  return 0;
}
