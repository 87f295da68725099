/** What a command writes down of itself: the line that made something, and the versions that ran it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "../project.mjs";

const manifest = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });

/** Versions of the lab, of the browser, of Node and of every package that runs in the page. */
export function versionsWith(chromium: string): Record<string, string> {
  const { version, dependencies } = manifest.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  return { "retool-lab": version, browser: chromium, node: process.versions.node, ...dependencies };
}

/** The line to type again. */
export function commandOf(script: string, argv: readonly string[]): string {
  const words = argv.map((word) => (/^[\w./=:+-]+$/.test(word) ? word : `'${word}'`));
  return [`npm run ${script}`, ...(words.length > 0 ? ["--", ...words] : [])].join(" ");
}
