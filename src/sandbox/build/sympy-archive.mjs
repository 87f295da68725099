/**
 * SymPy and mpmath as one zip file of Python source, from Debian's packages: a pinned version of each, checked, mended
 * for the Python that Pyodide has, and without what no snippet needs.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { zip } from "./zip.mjs";

/**
 * @typedef {object} DebianPackage
 * @property {string} name
 * @property {string} version
 * @property {string} module the folder of Python that it holds
 * @property {string} sha256 of the file
 */

/** Those of Debian 12. Its own checks know them too; these hold on any machine. @type {DebianPackage[]} */
export const packages = [
  {
    name: "python3-sympy",
    version: "1.11.1-1",
    module: "sympy",
    sha256: "b437232be31819aafd267ddf2132c16293ef75e02fd58b4ad31eee3ef1d5b49e",
  },
  {
    name: "python3-mpmath",
    version: "1.2.1-2",
    module: "mpmath",
    sha256: "2c219b63cbab11b27208ef4141c116cbb022dc1236e84981fadb46042f3ce235",
  },
];

/** Tests, and what needs a package that is not there (matchpy, antlr4): two thirds of the source. */
const leftOut = /\/(tests|benchmarks)\/|^sympy\/(integrals\/rubi|parsing\/autolev|parsing\/latex\/_antlr)\//;

/**
 * In place of SymPy's runner of its own tests. What it imports (subprocess, signal, pdb) are doors that the sandbox
 * keeps shut.
 */
const noTestRunner = `"""SymPy's own tests are not part of the sandbox."""


class DependencyError(Exception):
    pass


class PyTestReporter:
    pass


class SymPyDocTests:
    pass


def test(*paths, **settings):
    raise NotImplementedError("SymPy's own tests are not part of the sandbox.")


doctest = test
`;

/**
 * Changes that this version needs: the file, what stands there, and what takes its place. Two node types of the syntax
 * tree are gone from Python 3.14; and a forbidden module may be missed only by the function that needs it.
 * @type {[file: string, from: string, to: string][]}
 */
const mends = [
  ["sympy/parsing/sympy_parser.py", "ast.Num(1)", "ast.Constant(1)"],
  ["sympy/parsing/sympy_parser.py", "ast.NameConstant(value=False, ctx=ast.Load())", "ast.Constant(value=False)"],
  ["sympy/printing/gtk.py", "import subprocess\n", ""],
  ["sympy/printing/gtk.py", "    with tempfile", "    import subprocess\n\n    with tempfile"],
];

/**
 * A file's text as it goes into the zip.
 * @param {string} file @param {string} text
 * @throws where there is nothing to mend: the version is another one
 */
export function mend(file, text) {
  if (file === "sympy/testing/runtests.py") return noTestRunner;
  let mended = text;
  for (const [place, from, to] of mends) {
    if (place !== file) continue;
    if (!mended.includes(from)) throw new Error(`${file} has no ${from}: the pinned version of SymPy has changed.`);
    mended = mended.replaceAll(from, to);
  }
  return mended;
}

/** @param {DebianPackage} wanted */
const fileOf = ({ name, version }) => `${name}_${version}_all.deb`;

/** @param {string} path @param {DebianPackage} wanted */
const isGood = (path, { sha256 }) =>
  existsSync(path) && createHash("sha256").update(readFileSync(path)).digest("hex") === sha256;

const execute = promisify(execFile);

/**
 * @param {string} folder @param {string} command @param {string[]} args
 * @returns {Promise<string>} "" where it went well, else why not, in one line
 */
async function attempt(folder, command, args) {
  try {
    await execute(command, args, { cwd: folder, maxBuffer: 2 ** 26 });
    return "";
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    if ("code" in error && error.code === "ENOENT") return `there is no ${command} here`;
    const said = "stderr" in error ? String(error.stderr).trim().split("\n") : [];
    return said.find((line) => line.startsWith("E:")) ?? said.at(-1) ?? error.message;
  }
}

/** @param {string} folder @param {DebianPackage} wanted @throws an Error that says what to do */
async function fetchPackage(folder, wanted) {
  const path = join(folder, fileOf(wanted));
  if (isGood(path, wanted)) return path;
  rmSync(path, { force: true });
  const download = () => attempt(folder, "apt-get", ["download", `${wanted.name}=${wanted.version}`]);
  let problem = await download();
  // A fresh machine has no list of packages yet.
  if (problem !== "" && (await attempt(folder, "apt-get", ["update"])) === "") problem = await download();
  if (isGood(path, wanted)) return path;
  rmSync(path, { force: true });
  const files = packages.map(fileOf).join(" and ");
  throw new Error(
    `SymPy could not be fetched: ${problem || `${fileOf(wanted)} is not the file that was pinned`}. ` +
      `It comes from Debian 12: run this on such a machine with a network, or put ${files} into ${folder}.`,
  );
}

/** @param {string} folder @returns {string[]} paths of the files below it */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : path;
  });
}

/** @param {string} unpacked @param {DebianPackage} package_ @returns {[name: string, content: Buffer][]} */
function contentsOf(unpacked, { name, module }) {
  const root = join(unpacked, "usr", "lib", "python3", "dist-packages");
  const sources = filesBelow(join(root, module))
    .map((path) => ({ path, file: relative(root, path).split(sep).join("/") }))
    .filter(({ file }) => file.endsWith(".py") && !leftOut.test(file))
    .map(
      ({ path, file }) => /** @type {[string, Buffer]} */ ([file, Buffer.from(mend(file, readFileSync(path, "utf8")))]),
    );
  const licence = readFileSync(join(unpacked, "usr", "share", "doc", name, "copyright"));
  return [...sources, [`${module}/LICENSE`, licence]];
}

/**
 * Fetches the packages where they are not there yet, and makes the zip.
 * @param {string} folder keeps the packages
 * @returns {Promise<Buffer>}
 * @throws an Error that says what was not to be had and what to do
 */
export async function makeSympyArchive(folder) {
  mkdirSync(folder, { recursive: true });
  /** @type {[name: string, content: Buffer][]} */
  const contents = [];
  for (const wanted of packages) {
    const path = await fetchPackage(folder, wanted);
    const unpacked = mkdtempSync(join(folder, "unpacked-"));
    try {
      const problem = await attempt(folder, "dpkg-deb", ["--extract", path, unpacked]);
      if (problem) throw new Error(`${path} could not be unpacked: ${problem}. Install Debian's dpkg and try again.`);
      contents.push(...contentsOf(unpacked, wanted));
    } finally {
      rmSync(unpacked, { recursive: true, force: true });
    }
  }
  // Not as the disk lists them, which differs from machine to machine.
  return zip(contents.sort(([left], [right]) => (left < right ? -1 : 1)));
}
