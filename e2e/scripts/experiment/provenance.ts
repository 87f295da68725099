/** What a command writes down of itself: the line that made something, and the versions that ran it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { dist, root } from "../project.mjs";
import { revisionFile } from "../revision.mjs";

const manifest = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });

/** The commit that the built page was made from; "" where none is known. */
function builtFrom(): string {
  const file = join(dist, revisionFile);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
}

/**
 * Versions of the lab with its commit, of the browser, of Node and of every package that runs in the page.
 * @param commit what runs was made from: the page that was built, unless it is told otherwise
 */
export function versionsWith(chromium: string, commit = builtFrom()): Record<string, string> {
  const { version, dependencies } = manifest.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const lab = commit === "" ? version : `${version} (${commit})`;
  return { "retool-lab": lab, browser: chromium, node: process.versions.node, ...dependencies };
}

/** The line to type again. */
export function commandOf(script: string, argv: readonly string[]): string {
  const words = argv.map((word) => (/^[\w./=:+-]+$/.test(word) ? word : `'${word}'`));
  return [`npm run ${script}`, ...(words.length > 0 ? ["--", ...words] : [])].join(" ");
}
