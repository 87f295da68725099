/** What a command writes down of itself: the line that made something, and the versions that ran it. */
import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "../project.mjs";

const manifest = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });

/** What the page is made of. */
const sources = ["src", "public", "index.html", "vite.config.ts", "package-lock.json"];

/** The commit that the sources are at, and whether they differ from it; null where they lie in no repository of their own. */
function revision(): string | null {
  const git = (...words: string[]): string | null => {
    const { status, stdout } = spawnSync("git", words, { cwd: root, encoding: "utf8" });
    return status === 0 ? stdout.trim() : null;
  };
  const top = git("rev-parse", "--show-toplevel");
  if (top === null || realpathSync(top) !== realpathSync(root)) return null;
  const differs = git("status", "--porcelain", "--", ...sources) !== "";
  return `${git("rev-parse", "--short=12", "HEAD")}${differs ? " with changes" : ""}`;
}

/** Versions of the lab, of the browser, of Node and of every package that runs in the page. */
export function versionsWith(chromium: string): Record<string, string> {
  const { version, dependencies } = manifest.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const commit = revision();
  const lab = commit === null ? version : `${version} (${commit})`;
  return { "retool-lab": lab, browser: chromium, node: process.versions.node, ...dependencies };
}

/** The line to type again. */
export function commandOf(script: string, argv: readonly string[]): string {
  const words = argv.map((word) => (/^[\w./=:+-]+$/.test(word) ? word : `'${word}'`));
  return [`npm run ${script}`, ...(words.length > 0 ? ["--", ...words] : [])].join(" ");
}
