/**
 * The files that Python starts from, made once for each version of what they are made from and kept with the packages:
 * the WebAssembly that records its writes, the snapshot, and, where SymPy is asked for, a second one with SymPy's source
 * beside it.
 */
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { constants, gunzipSync } from "node:zlib";
import { recordWrites } from "./record-writes.mjs";
import { makeSympyArchive } from "./sympy-archive.mjs";

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const packages = here("../../../node_modules/");
const folder = join(packages, ".cache", "retool-lab");
/** Holds Debian's packages and what is made from them. */
const sympyFolder = join(folder, "sympy");
const maker = here("make-snapshot.mjs");
const shared = ["driver.py", "epoch.mjs", "python-environment.mjs", "universal-time.mjs"];
const sources = [maker, ...shared.map((name) => here(`../${name}`))];
const recordingSources = [here("record-writes.mjs"), here("wasm-bytes.mjs"), here("../pages.mjs")];
const archiveSources = [here("sympy-archive.mjs"), here("zip.mjs")];
const sympySources = [...sources, ...archiveSources, here("../load_sympy.py"), here("../sympy-path.mjs")];
/** Where a snapshot's header keeps the build of Pyodide that made it: eight words of 32 bits, as hexadecimal digits. */
const buildWords = { first: 4, count: 8 };

/** @typedef {{ snapshot: string, archive: string }} SympyFiles paths */

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
 * @param {Uint8Array} snapshot uncompressed; its first 48 bytes are enough
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

/** @param {string} path */
function checkFile(path) {
  // The head is enough, and the whole takes a third of a second.
  const head = gunzipSync(readFileSync(path).subarray(0, 65_536), { finishFlush: constants.Z_SYNC_FLUSH });
  checkSnapshot(head, installedPyodide());
}

/** @param {string[]} files */
function keyOf(files) {
  const { version, build } = installedPyodide();
  const key = createHash("sha256").update(version).update(build);
  for (const file of files) key.update(readFileSync(file));
  return key.digest("hex").slice(0, 16);
}

/** Renamed when whole, so that a build beside this one, or one cut short, leaves no half of it. @param {string} path */
const partOf = (path) => `${path}.${process.pid}`;

/**
 * A file of the folder, made now where it is not there yet.
 * @param {string} name @param {(part: string) => void} make writes it to the path that it is given
 */
function keptFile(name, make) {
  const path = join(folder, name);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    make(partOf(path));
    renameSync(partOf(path), path);
  }
  return path;
}

/** @returns the file of the snapshot */
export function snapshotFile() {
  const path = keptFile(`python-snapshot-${keyOf(sources)}.bin`, (part) => {
    const { status, stderr } = spawnSync(process.execPath, [maker, part], { encoding: "utf8" });
    if (status !== 0) throw new Error(`The Python snapshot could not be made: ${stderr}`);
  });
  checkFile(path);
  return path;
}

/** @returns the file of the WebAssembly that records its writes */
export function recordingWasmFile() {
  return keptFile(`python-${keyOf(recordingSources)}.wasm`, (part) => {
    writeFileSync(part, recordWrites(readFileSync(join(packages, "pyodide", "pyodide.asm.wasm"))));
  });
}

/** @returns {SympyFiles} where SymPy's files are, or would be */
function sympyPaths() {
  const key = keyOf(sympySources);
  return { snapshot: join(sympyFolder, `python-sympy-${key}.bin`), archive: join(sympyFolder, `sympy-${key}.zip`) };
}

/** @returns {SympyFiles | null} SymPy's files, where they were made before */
export function findSympy() {
  const paths = sympyPaths();
  if (!existsSync(paths.snapshot) || !existsSync(paths.archive)) return null;
  checkFile(paths.snapshot);
  return paths;
}

/** @param {string[]} paths */
async function makeSnapshot(...paths) {
  try {
    await promisify(execFile)(process.execPath, [maker, ...paths]);
  } catch (error) {
    const words = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    // Node repeats the whole line that threw, which in Pyodide is a megabyte.
    const lines = words.split("\n").filter((line) => line.length < 500);
    throw new Error(`The Python snapshot with SymPy could not be made: ${lines.join("\n")}`, { cause: error });
  }
}

/**
 * Makes SymPy's files where they are not there yet; the first time, Debian's packages are fetched.
 * @param {(sentence: string) => void} say
 * @returns {Promise<SympyFiles>}
 * @throws an Error that says what was not to be had and what to do
 */
export async function ensureSympy(say) {
  const found = findSympy();
  if (found) return found;
  say("Making the Python that has SymPy (once; about half a minute).");
  const { snapshot, archive } = sympyPaths();
  // Both at once: the snapshot knows at which byte of the zip each file begins.
  const bytes = await makeSympyArchive(sympyFolder);
  writeFileSync(partOf(archive), bytes);
  await makeSnapshot(partOf(snapshot), partOf(archive));
  renameSync(partOf(archive), archive);
  renameSync(partOf(snapshot), snapshot);
  checkFile(snapshot);
  return { snapshot, archive };
}
