/** Finds a Chromium with WebGPU, or gets one; and the flags that give it a software adapter where there is no GPU. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

const quiet = [
  "--headless=new",
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

/** Flags for a headless Chromium that has WebGPU (SwiftShader) and makes no connections of its own. */
export const chromiumArguments = [...quiet, "--use-webgpu-adapter=swiftshader"];

/** The same with the machine's own GPU, where it has one. */
export const hardwareArguments = [...quiet, "--ignore-gpu-blocklist"];

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge-stable"];

const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Playwright's own full Chromium, where it was installed; its headless shell has no WebGPU. */
function playwrightsChromium() {
  try {
    /** @type {typeof import("playwright")} */
    const playwright = createRequire(import.meta.url)("playwright");
    const file = playwright.chromium.executablePath();
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined; // Not installed yet.
  }
}

/** CHROMIUM (or CHROME_BIN), then the system's, then Playwright's own; undefined where there is none. */
export function findChromium() {
  const named = process.env.CHROMIUM || process.env.CHROME_BIN;
  if (named) return named;
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const candidates = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...elsewhere];
  return candidates.find(isExecutable) ?? playwrightsChromium();
}

/**
 * What that Chromium calls itself ("Chromium 156.0.7204.49"), or undefined where it does not run.
 * @param {string} file
 */
export function chromiumVersion(file) {
  if (process.platform === "win32") return existsSync(file) ? "Chromium" : undefined; // It would open a window.
  const run = spawnSync(file, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return run.status === 0 ? run.stdout.trim() : undefined;
}

/**
 * Finds a Chromium that runs, or installs one. Throws an Error that says what to do where that fails.
 * @param {(sentence: string) => void} say
 */
export function ensureChromium(say) {
  const found = findChromium();
  const version = found === undefined ? undefined : chromiumVersion(found);
  if (found !== undefined && version !== undefined) return { file: found, version };
  if (found !== undefined && (process.env.CHROMIUM || process.env.CHROME_BIN))
    throw new Error(`${found}, which CHROMIUM or CHROME_BIN names, does not run. Correct the variable or remove it.`);
  const debian = existsSync("/etc/debian_version") && process.getuid?.() === 0;
  /** @type {[string, string[]][]} */
  const commands = debian
    ? [
        ["apt-get", ["update"]],
        ["apt-get", ["install", "-y", "chromium"]],
      ]
    : [[process.execPath, [join("node_modules", "playwright", "cli.js"), "install", "chromium"]]];
  say(`No Chromium was found; getting ${debian ? "Debian's package chromium" : "Playwright's own"}.`);
  for (const [command, args] of commands) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    // Standard output may hold results for another program.
    spawnSync(command, args, { stdio: ["ignore", 2, 2], env });
  }
  const got = findChromium();
  const gotVersion = got === undefined ? undefined : chromiumVersion(got);
  if (got === undefined || gotVersion === undefined)
    throw new Error(
      "No Chromium could be installed. Install Chromium or Chrome, or name one: CHROMIUM=/path/to/chromium npm test." +
        " Where Playwright's own lacks system libraries: npx playwright install-deps chromium, as root.",
    );
  return { file: got, version: gotVersion };
}
