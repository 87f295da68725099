/**
 * Which commit the page was built from: written into the page's folder when it is built, since whoever runs it later may
 * have gone on.
 */
import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { root } from "./project.mjs";

/** What the page is made of. */
const sources = ["src", "public", "index.html", "vite.config.ts", "package-lock.json"];

/** In the built page's folder. */
export const revisionFile = "revision.txt";

/** @param {...string} words @returns {string | null} */
function git(...words) {
  const { status, stdout } = spawnSync("git", words, { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}

/** The commit that the sources are at, and whether they differ from it; "" where they lie in no repository of their own. */
export function revision() {
  const top = git("rev-parse", "--show-toplevel");
  if (top === null || realpathSync(top) !== realpathSync(root)) return "";
  const differs = git("status", "--porcelain", "--", ...sources) !== "";
  return `${git("rev-parse", "--short=12", "HEAD") ?? ""}${differs ? " with changes" : ""}`;
}

/** A plugin of Vite's that leaves the revision beside what it builds. */
export function writeRevision() {
  return {
    name: "revision",
    apply: /** @type {const} */ ("build"),
    /** @this {{ emitFile: (file: { type: "asset", fileName: string, source: string }) => void }} */
    generateBundle() {
      this.emitFile({ type: "asset", fileName: revisionFile, source: `${revision()}\n` });
    },
  };
}
