/**
 * The import table holds because the linter says so: every allowed and every forbidden import between rooms is
 * written into a copy of the tree and linted with the project's own rules.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

interface Room {
  may: string[];
  /** Rooms of which only types may be imported. */
  types?: string[];
}

const rooms: Record<string, Room> = {
  core: { may: [] },
  i18n: { may: [] },
  config: { may: ["core"] },
  text: { may: ["core", "config"] },
  tensor: { may: ["core", "config"] },
  tasks: { may: ["core", "config", "text"] },
  sandbox: { may: ["core", "config"] },
  policy: { may: ["core", "config", "tensor"] },
  rollout: { may: ["core", "config", "text", "tasks", "sandbox", "tensor", "policy"] },
  learn: { may: ["core", "config", "tensor", "policy"], types: ["rollout"] },
  analysis: { may: ["core", "text"], types: ["rollout"] },
  session: {
    may: ["core", "config", "text", "tasks", "sandbox", "tensor", "policy", "rollout", "learn", "analysis"],
  },
  bench: { may: ["core", "config", "tensor", "policy"] },
  storage: { may: ["core", "config"], types: ["session"] },
  ui: { may: ["core"], types: ["i18n"] },
  app: { may: ["ui", "i18n", "config", "core", "storage", "bench"], types: ["session"] },
};

/** Packages that only some rooms may import, and those rooms. */
const packages: Record<string, string[]> = {
  "@tensorflow/tfjs": ["tensor", "bench"],
  "@tensorflow/tfjs-backend-wasm": ["tensor", "bench"],
  "@jax-js/jax": ["bench"],
  pyodide: ["sandbox"],
  react: ["ui", "app"],
  "react-dom/client": ["ui", "app"],
  "react-aria-components": ["ui", "app"],
  uplot: ["ui", "app"],
  "@tanstack/react-virtual": ["ui", "app"],
  zustand: ["app"],
  comlink: ["session", "sandbox", "bench", "app"],
};

interface Probe {
  room: string;
  file: string;
  source: string;
  allowed: boolean;
  says: RegExp;
}

function roomProbes(room: string): Probe[] {
  const { may, types = [] } = rooms[room];
  return Object.keys(rooms)
    .filter((other) => other !== room)
    .flatMap((other) => {
      const value = may.includes(other);
      const says = types.includes(other) ? /may import only types from/ : /Imports point down/;
      const probe = (name: string, source: string, allowed: boolean): Probe => ({
        room,
        file: `src/${room}/${name}-${other}.ts`,
        source,
        allowed,
        says,
      });
      return [
        probe("value", `import { thing } from "../${other}/thing";\nexport const copy = thing;\n`, value),
        probe("type", `import type { T } from "../${other}/x";\nexport type U = T;\n`, value || types.includes(other)),
        probe("deep/value", `import { thing } from "../../${other}/thing";\nexport const copy = thing;\n`, value),
        probe("index", `import { thing } from "../${other}";\nexport const copy = thing;\n`, value),
        probe("again", `export { thing } from "../${other}/thing";\n`, value),
      ];
    });
}

function packageProbes(room: string): Probe[] {
  return Object.entries(packages).map(([name, allowed], index) => ({
    room,
    file: `src/${room}/package-${String(index)}.ts`,
    source: `import { thing } from "${name}";\nexport const copy = thing;\n`,
    allowed: allowed.includes(room),
    says: /^(Only|ui\/ takes props)/,
  }));
}

const ownRoom = (room: string): Probe => ({
  room,
  file: `src/${room}/own.ts`,
  source: `import { thing } from "./value-thing";\nexport const copy = thing;\n`,
  allowed: true,
  says: /^/,
});

const probes = Object.keys(rooms).flatMap((room) => [ownRoom(room), ...roomProbes(room), ...packageProbes(room)]);

const output = z.object({ diagnostics: z.array(z.object({ filename: z.string(), help: z.string().optional() })) });

const directory = mkdtempSync(join(tmpdir(), "imports-"));
/** File to the hints the linter gave for it. */
const hints = new Map<string, string[]>();

beforeAll(() => {
  copyFileSync(".oxlintrc.json", join(directory, ".oxlintrc.json"));
  for (const { file, source } of probes) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), source);
  }
  const oxlint = resolve("node_modules/oxlint/bin/oxlint");
  const args = [oxlint, "--format", "json", "-A", "all", "-D", "no-restricted-imports", "src"];
  const run = spawnSync(process.execPath, args, { cwd: directory, encoding: "utf8", maxBuffer: 2 ** 26 });
  for (const { filename, help } of output.parse(JSON.parse(run.stdout)).diagnostics) {
    hints.set(filename, [...(hints.get(filename) ?? []), help ?? ""]);
  }
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.each(Object.keys(rooms))("%s", (room) => {
  const mine = probes.filter((probe) => probe.room === room);
  test("may import what the table allows", () => {
    const refused = mine.filter(({ allowed, file }) => allowed && hints.has(file));
    expect(refused).toEqual([]);
  });
  test("may import nothing else, and is told why", () => {
    const forbidden = mine.filter(({ allowed }) => !allowed);
    expect(forbidden.length).toBeGreaterThan(0);
    for (const { file, says } of forbidden) expect(hints.get(file), file).toEqual([expect.stringMatching(says)]);
  });
});
