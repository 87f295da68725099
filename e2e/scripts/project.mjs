/** What every command needs first: the packages installed, the page built. Only Node's own modules are used here. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function lockedPackages(file) {
  /** @type {{ packages?: Record<string, { version?: string, optional?: boolean }> }} */
  const lock = JSON.parse(readFileSync(file, "utf8"));
  return lock.packages ?? {};
}

/** True where node_modules is exactly what package-lock.json asks for (packages for other systems apart). */
export function isInstalled() {
  const hidden = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const installed = lockedPackages(hidden);
  return Object.entries(lockedPackages(join(root, "package-lock.json"))).every(
    ([path, { version, optional }]) =>
      path === "" || installed[path]?.version === version || (optional === true && installed[path] === undefined),
  );
}

/**
 * Runs a command in the repository, its output shown, and returns its exit status.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, shell?: boolean, aside?: boolean }} [options] aside: all that it says goes to
 *   standard error, since standard output may hold results for another program
 */
export function run(command, args, { env = {}, shell = false, aside = false } = {}) {
  const child = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", aside ? 2 : "inherit", "inherit"],
    env: { ...process.env, ...env },
    shell,
  });
  if (child.error) console.error(`${command} could not be started: ${child.error.message}`);
  return child.status ?? 1;
}

/**
 * The script behind a package's command, so that it runs by Node itself on every system.
 * @param {string} name
 */
export function binary(name) {
  const owner = name === "tsc" ? "typescript" : name === "playwright" ? "@playwright/test" : name;
  const folder = join(root, "node_modules", ...owner.split("/"));
  /** @type {{ bin: string | Record<string, string> }} */
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[name]);
}

/**
 * Installs the packages if they are missing or not those of the lock. Throws an Error that says what to do.
 * @param {(sentence: string) => void} say
 */
export function ensureInstalled(say) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new Error(`Node ${process.versions.node} is too old: the lab needs 20.19 or newer, from https://nodejs.org.`);
  if (isInstalled()) return;
  say("Installing the packages that package-lock.json names (about 500 MB; a minute or two).");
  // Not "npm ci": it refuses a lock without the binaries of every other system, which not every registry carries.
  // Without saving, "npm install" takes what the lock names and leaves the lock as it is.
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env.npm_execpath; // npm's own script, where npm started us
  const status = npm?.endsWith(".js")
    ? run(process.execPath, [npm, ...args], { aside: true })
    : run("npm", args, { shell: process.platform === "win32", aside: true });
  if (status !== 0)
    throw new Error("npm install failed; its own words are above. Check the network and the disk, then start again.");
}

/** @param {string} path @returns {number} */
function newest(path) {
  if (!existsSync(path)) return 0;
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), found.mtimeMs);
}

/** Where SymPy lies once it was made; it is built into the page then. */
const sympy = join("node_modules", ".cache", "retool-lab", "sympy");
const labSources = ["src", "public", "index.html", "vite.config.ts", "package-lock.json", sympy];

/**
 * True where a built file is missing or older than something it is made from.
 * @param {string} file
 * @param {string[]} sources
 */
function isStale(file, sources) {
  if (!existsSync(file)) return true;
  return sources.some((source) => newest(join(root, source)) > statSync(file).mtimeMs);
}

/**
 * Builds `page` by Vite if it is stale. Throws an Error that says what to do.
 * @param {(sentence: string) => void} say
 * @param {{ page: string, sources: string[], what: string, args?: string[] }} built
 */
function ensure(say, { page, sources, what, args = [] }) {
  if (!isStale(page, sources)) return;
  say(`Building ${what}.`);
  const status = run(process.execPath, [binary("vite"), "build", "--logLevel", "warn", ...args], { aside: true });
  if (status !== 0) throw new Error("The build failed; the reason is above. Mend it, or go back to a clean checkout.");
}

/**
 * Whether a text is a web address that requests can be sent to.
 * @param {string} text
 */
export function isEndpoint(text) {
  return /^https?:/.test(text) && URL.canParse(text);
}

/** The built page's folder. */
export const dist = resolve(root, "dist");

/**
 * Builds dist/ if it is stale. Throws an Error that says what to do.
 * @param {(sentence: string) => void} say
 */
export function ensureBuilt(say) {
  ensure(say, { page: join(dist, "index.html"), sources: labSources, what: "the page" });
}

/** The folder of the page that holds a sandbox and nothing else. */
export const sandboxHost = resolve(root, "e2e", ".output", "sandbox-host");

/**
 * Builds that page if it is stale. Throws an Error that says what to do.
 * @param {(sentence: string) => void} say
 */
export function ensureSandboxHostBuilt(say) {
  const folder = join("e2e", "sandbox-host");
  ensure(say, {
    page: join(sandboxHost, folder, "index.html"),
    sources: [...labSources, folder],
    what: "the sandbox's page",
    args: ["--config", join(folder, "vite.config.ts")],
  });
}
