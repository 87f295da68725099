/**
 * Vite's part of the snapshot: `virtual:python-snapshot` is the address of the file that make-snapshot.mjs makes, made once for
 * each version of Pyodide and of the driver and kept with the packages.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const name = "virtual:python-snapshot";
const packages = fileURLToPath(new URL("../../../node_modules/", import.meta.url));
const folder = join(packages, ".cache", "retool-lab");
const maker = fileURLToPath(new URL("make-snapshot.mjs", import.meta.url));
const driver = fileURLToPath(new URL("../driver.py", import.meta.url));
/** Where a snapshot's header keeps the build of Pyodide that made it: eight words of 32 bits, as hexadecimal digits. */
const buildWords = { first: 4, count: 8 };

/** @returns {{ version: string, build: string }} the installed Pyodide */
export function installedPyodide() {
  const description = /** @type {{ version: string }} */ (
    JSON.parse(readFileSync(join(packages, "pyodide", "package.json"), "utf8"))
  );
  const build = /BUILD_ID:"([0-9a-f]{64})"/.exec(readFileSync(join(packages, "pyodide", "pyodide.mjs"), "utf8"));
  if (!build) throw new Error(`Pyodide ${description.version} names no build: the pinned version has changed.`);
  return { version: description.version, build: build[1] };
}

/**
 * Checks that a snapshot was made by the Pyodide that will load it.
 * @param {Uint8Array} snapshot uncompressed
 * @param {{ version: string, build: string }} pyodide
 * @throws where it was made by another build, naming both
 */
export function checkSnapshot(snapshot, { version, build }) {
  const words = new DataView(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength);
  const digits = Array.from({ length: buildWords.count }, (_, index) =>
    words
      .getUint32(4 * (buildWords.first + index), true)
      .toString(16)
      .padStart(8, "0"),
  ).join("");
  if (digits === build) return;
  throw new Error(
    `The Python snapshot was made by Pyodide build ${digits}, but Pyodide ${version} is build ${build}. ` +
      "Remove node_modules/.cache/retool-lab and build again.",
  );
}

/** @returns the file of the snapshot, made now where it is not there yet */
function snapshotFile() {
  const pyodide = installedPyodide();
  const key = createHash("sha256").update(pyodide.version).update(pyodide.build);
  for (const file of [maker, driver]) key.update(readFileSync(file));
  const path = join(folder, `python-snapshot-${key.digest("hex").slice(0, 16)}.bin`);
  if (!existsSync(path)) makeSnapshot(path);
  checkSnapshot(gunzipSync(readFileSync(path)), pyodide);
  return path;
}

/** @param {string} path */
function makeSnapshot(path) {
  mkdirSync(folder, { recursive: true });
  // Renamed when whole, so that a build beside this one, or one cut short, leaves no half of it.
  const part = `${path}.${process.pid}`;
  const { status, stderr } = spawnSync(process.execPath, [maker, part], { encoding: "utf8" });
  if (status !== 0) throw new Error(`The Python snapshot could not be made: ${stderr}`);
  renameSync(part, path);
}

/** @returns {import("vite").Plugin} */
export function pythonSnapshot() {
  return {
    name: "python-snapshot",
    resolveId: (id) => (id === name ? `${snapshotFile()}?url` : undefined),
  };
}
