/**
 * What the attacks' tests stand on: the harness sees a success of every kind, and attacks are attacks, since in Pyodide as
 * it is published they succeed.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StockReply } from "../sandbox-host/stock.worker";
import { breached, preamble, type Attack } from "./attack";
import { attacks } from "./attacks/registry";
import { Bench, Python, readWitness, tryAttack, type Reading } from "./harness";

let bench: Bench;
let python: Python;
let clean: Reading;

beforeAll(async () => {
  bench = await Bench.open();
  python = new Python(bench);
  clean = await readWitness(python);
});
afterAll(async () => {
  await python.close();
  await bench.close();
});

const waysOf = (attack: Omit<Attack, "name">, found = clean): Promise<string[]> =>
  tryAttack(python, { name: "control", ...attack }, bench, found);

test("one that fails as it should is none", async () => {
  expect(await waysOf({ code: "import js" })).toEqual([]);
});

test.each<[RegExp, Omit<Attack, "name">]>([
  [/^it says so$/, { code: "print(BREACHED)" }],
  [/^it says so$/, { code: "raise ValueError(BREACHED)" }],
  [/^it knows a secret$/, { code: "print(SECRET_START + 'battery-staple')" }],
  [/^it ends as ok$/, { code: "pass", forges: ["ok"] }],
  [/^it pays \d+$/, { code: "for _ in range(2): pass", costs: 1000 }],
])("a success is seen: %s", async (way, attack) => {
  const [found] = await waysOf(attack);
  expect(found).toMatch(way);
});

test("one that never began, and one that is misspelt, are found out", async () => {
  expect(await waysOf({ code: "pass", arms: true })).toEqual(["it did not begin: "]);
  expect(await waysOf({ code: "importt" })).toEqual(["it is mistaken: NameError: name 'importt' is not defined"]);
});

test("what reaches the page is seen, on every way that is watched", async () => {
  new BroadcastChannel("sandbox-attack").postMessage("attack");
  await expect.poll(() => bench.messages).toEqual(["attack"]);
  expect(await waysOf({ code: "pass" })).toEqual(["a message left the worker"]);
  localStorage.setItem("attack", "left");
  expect(await waysOf({ code: "pass" })).toEqual(["it stored something"]);
  localStorage.removeItem("attack");
  await caches.open("attack");
  expect(await waysOf({ code: "pass" })).toEqual(["it stored something"]);
  await caches.delete("attack");
});

test("a next snippet that finds anything else is seen", async () => {
  const [way] = await waysOf({ code: "pass" }, { ...clean, stdout: clean.stdout.replace("3.14", "3.15") });
  expect(way).toMatch(/^the next snippet finds .*3\.14.* instead of .*3\.15/);
});

/** One of every door that plain Pyodide leaves open; the others need what a used worker or a page alone has. */
const succeedsInPlainPyodide = [
  "import js",
  "js.fetch",
  "pyodide.code.run_js",
  "pyodide.http.open_url",
  "the forbidden list emptied",
  "run_js found by gc",
  "an instance of JsFinder by gc",
  "socket",
  "an open file to write",
  "a new device",
  "out of /dev by dots, os.open",
  "the library by append",
  "the library truncated",
  "the library unlinked",
];

describe("in Pyodide as it is published an attack succeeds", () => {
  const start = (): Worker =>
    new Worker(new URL("../sandbox-host/stock.worker.ts", import.meta.url), {
      type: "module",
      name: "/node_modules/pyodide/",
    });
  let next = start();
  afterAll(() => next.terminate());

  test.each(succeedsInPlainPyodide)("%s", async (name) => {
    const code = attacks.find((attack) => attack.name === name)?.code ?? "";
    const worker = next;
    next = start();
    const printed = await new Promise<string>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<StockReply>) => {
        if (data.type === "result") resolve(data.stdout);
      };
      worker.postMessage(preamble + code);
    });
    worker.terminate();
    expect(printed).toContain(breached);
  });
});
