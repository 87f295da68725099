/**
 * The bench in Node with Dawn, for a machine with a GPU and no browser: `node main.mjs`. It takes the flags of
 * `npm run bench`; what it measures with is WebGPU alone.
 */
import { fork } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join, resolve } from "node:path";
import { measure, type Realm } from "../../src/bench/measure";
import { benchHelp, readBenchArguments } from "../scripts/bench/arguments";
import { benchPage, benchPicture, type BenchMachine } from "../scripts/bench/page";
import { reportText } from "../scripts/bench/text";
import { UsageError } from "../scripts/experiment/command-line";
import type { Answer, Question } from "./realm";

/** Starts a process. What it is asked for rejects when it dies. */
function makeNodeRealm(): Realm {
  const child = fork(new URL("./realm.mjs", import.meta.url));
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let asked = 0;
  const ready = new Promise((resolve, reject) => waiting.set(0, { resolve, reject }));
  child.on("message", (message) => {
    const answer = message as Answer;
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ("error" in answer) asker?.reject(new Error(answer.error));
    else asker?.resolve(answer.value);
  });
  child.on("exit", (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`The process ended (${signal ?? String(code)}).`));
    waiting.clear();
  });
  const ask = async <T>(method: Question["method"], ...given: unknown[]): Promise<T> => {
    await ready;
    const id = ++asked;
    const answered = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    child.send({ id, method, given } satisfies Question);
    return (await answered) as T;
  };
  return {
    open: (name, backend, size) => ask("open", name, backend, size),
    losses: () => ask("losses"),
    write: (rows, tokens) => ask("write", rows, tokens),
    score: (tokens) => ask("score", tokens),
    train: () => ask("train"),
    decode: (rows, tokens) => ask("decode", rows, tokens),
    multiply: () => ask("multiply"),
    footprint: () => ask("footprint"),
    close: async () => {
      child.kill();
      return Promise.resolve();
    },
  };
}

async function main(argv: string[]): Promise<number> {
  const options = readBenchArguments(argv);
  if (options === "help") {
    console.log(benchHelp());
    return 0;
  }
  const began = loadavg()[0];
  let last = "";
  const report = await measure(
    // The kit brings no WebAssembly.
    { ...options.plan, backends: ["webgpu"] },
    {
      makeRealm: makeNodeRealm,
      onProgress: ({ size, phase }) => {
        const what = `${size} ${phase}`;
        if (what !== last) console.log(what);
        last = what;
      },
      onReport: (found) => console.log(`\n${reportText(found)}\n`),
      signal: new AbortController().signal,
    },
  );
  if (options.out === null) return 0;
  const kept = readFileSync(new URL("./versions.json", import.meta.url), "utf8");
  const machine: BenchMachine = {
    command: ["node main.mjs", ...argv].join(" "),
    versions: { ...(JSON.parse(kept) as Record<string, string>), node: process.versions.node },
    processors: cpus().length,
    load: { before: began, after: loadavg()[0] },
  };
  const out = resolve(options.out);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "bench.json"), `${JSON.stringify({ ...machine, report }, null, 1)}\n`);
  writeFileSync(join(out, "bench.html"), benchPage(machine, report));
  writeFileSync(join(out, "bench.svg"), benchPicture(report));
  return 0;
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
