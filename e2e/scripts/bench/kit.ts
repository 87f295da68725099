/** Builds the kit: the bench for Node with Dawn, in a folder that needs nothing from elsewhere. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "vite";
import { versionsWith } from "../experiment/provenance";
import { assembly } from "../assembly.mjs";
import { root } from "../project.mjs";

/** Dawn as an npm package; it has a binary for each system, so the kit runs on all of them. */
const dawn = "webgpu@0.6.2";

function must(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", shell: false });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr.trim()}`);
  return stdout.trim();
}

/** Fetches Dawn and unpacks it where Node finds it. */
function bringDawn(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules, { recursive: true });
  const archive = must("npm", ["pack", dawn, "--silent"], modules);
  must("tar", ["xzf", archive], modules);
  must("mv", ["package", "webgpu"], modules);
  rmSync(join(modules, archive));
}

export async function buildKit(target: string): Promise<void> {
  const folder = resolve(target);
  mkdirSync(folder, { recursive: true });
  await build({
    root,
    configFile: false,
    plugins: [assembly()],
    publicDir: false,
    logLevel: "warn",
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: "node20",
      rolldownOptions: {
        input: { main: join(root, "e2e/bench/main.ts"), realm: join(root, "e2e/bench/realm.ts") },
        output: { entryFileNames: "[name].mjs", chunkFileNames: "chunks/[name]-[hash].mjs" },
      },
    },
  });
  writeFileSync(join(folder, "versions.json"), JSON.stringify({ ...versionsWith("none"), dawn }));
  bringDawn(folder);
  console.log(
    `The kit is in ${target} (${readdirSync(folder).length} entries); on the machine: node main.mjs --sizes spark --out result`,
  );
}
