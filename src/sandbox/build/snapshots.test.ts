import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { checkSnapshot, installedPyodide, snapshotFile } from "./snapshots.mjs";

/** The head of a snapshot that says which build of Pyodide made it. */
function snapshotOf(build: string): Uint8Array {
  const words = new DataView(new ArrayBuffer(48));
  for (let word = 0; word < 8; word++) {
    words.setUint32(16 + 4 * word, Number.parseInt(build.slice(8 * word, 8 * word + 8), 16), true);
  }
  return new Uint8Array(words.buffer);
}

test("a snapshot of the installed Pyodide is taken", () => {
  const pyodide = installedPyodide();
  expect(() => checkSnapshot(snapshotOf(pyodide.build), pyodide)).not.toThrow();
});

test("a snapshot of another build is refused by name, with what to do", () => {
  const pyodide = installedPyodide();
  const other = pyodide.build.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
  const check = () => checkSnapshot(snapshotOf(other), pyodide);
  expect(check).toThrow(`was made by Pyodide build ${other}, but Pyodide ${pyodide.version} is build ${pyodide.build}`);
  expect(check).toThrow("build again");
});

test("the installed Pyodide is the one that package.json pins, to the digit", () => {
  const file = createRequire(import.meta.url).resolve("../../../package.json");
  expect(readFileSync(file, "utf8")).toContain(`"pyodide": "${installedPyodide().version}"`);
});

test("the snapshot says nothing of the machine that made it", () => {
  const bytes = gunzipSync(readFileSync(snapshotFile()));
  const folder = fileURLToPath(new URL("../../..", import.meta.url));
  for (const trace of [folder, "make-snapshot.mjs", "node_modules"]) {
    expect(bytes.includes(trace), trace).toBe(false);
  }
  expect(bytes.includes("LANG=C.UTF-8")).toBe(true);
});
