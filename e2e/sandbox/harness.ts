/**
 * Runs hostile snippets in Python workers without the pool between, so that a test knows which worker it has: a fresh
 * one for each, or one that has run everything before. The next two fresh workers start while the last one is tried.
 */
import plainWasmUrl from "pyodide/pyodide.asm.wasm?url";
import { fetchPythonAssets } from "../../src/sandbox/assets";
import { PythonProcess } from "../../src/sandbox/python-process";
import type { SnippetLimits, SnippetResult } from "../../src/sandbox/sandbox";
import type { PythonAssets } from "../../src/sandbox/snippet";
import { breached, preamble, secret, type Attack } from "./attack";
import { witness } from "./witness";

/** Fuel is the limit that is tried; the clock is there for a machine that has much else to do. */
export const limits: SnippetLimits = { fuel: 5_000_000, seconds: 60, outputCharacters: 2000 };
const wide: SnippetLimits = { ...limits, outputCharacters: 100_000 };

/** What the policy reads of a result; the milliseconds are left out. */
export type Reading = Omit<SnippetResult, "milliseconds">;

/** One worker, and another in its place when a snippet was its end. */
export class Python {
  readonly #bench: Bench;
  #process: Promise<PythonProcess>;

  constructor(bench: Bench) {
    this.#bench = bench;
    this.#process = bench.next();
  }

  /** A worker that is killed for giving no answer gives a timeout, as in the pool; one that dies gives a crash. */
  async run(code: string, under: Partial<SnippetLimits> = {}): Promise<Reading> {
    const process = await this.#process;
    const outcome = await process.run(code, { ...limits, ...under });
    if (outcome.kind === "result") {
      // A worker that could not be put back is the next snippet's crash.
      await outcome.restored;
      const { milliseconds: _, ...reading } = outcome.result;
      return reading;
    }
    this.#process = this.#bench.next();
    const status = outcome.kind === "overrun" ? "timeout" : "crash";
    return { status, stdout: "", error: "", line: null, fuel: 0 };
  }

  async close(): Promise<void> {
    (await this.#process).kill("the test is over");
  }
}

export class Bench {
  readonly #assets: PythonAssets;
  readonly #spares: Promise<PythonProcess>[];
  /** Arrived at the page from anywhere but a worker's own port. */
  readonly messages: string[] = [];

  private constructor(assets: PythonAssets) {
    this.#assets = assets;
    this.#spares = [this.#boot(), this.#boot()];
    addEventListener("message", (event) => {
      if (String(event.data).includes("attack")) this.messages.push(String(event.data));
    });
    addEventListener("storage", (event) => this.messages.push(`storage ${event.key}`));
    for (const name of ["sandbox-attack", "python", ""]) {
      new BroadcastChannel(name).onmessage = (event) => this.messages.push(String(event.data));
    }
  }

  static async open(withSympy = false): Promise<Bench> {
    return new Bench(await fetchPythonAssets(() => undefined, withSympy));
  }

  /** As in a browser that takes no module with two memories, where nobody records what Python writes. */
  static async openUnrecorded(): Promise<Bench> {
    const wasm = await WebAssembly.compileStreaming(fetch(plainWasmUrl));
    return new Bench({ ...(await fetchPythonAssets(() => undefined)), wasm });
  }

  /** A worker that has run nothing yet. */
  async next(): Promise<PythonProcess> {
    this.#spares.push(this.#boot());
    const [first] = this.#spares.splice(0, 1);
    return first;
  }

  async close(): Promise<void> {
    for (const process of await Promise.all(this.#spares)) process.kill("the tests are over");
  }

  /** Each compares all of its memory after every snippet, and breaks where a byte is not as it was. */
  async #boot(): Promise<PythonProcess> {
    const process = new PythonProcess(this.#assets, () => undefined, 1);
    await process.ready;
    return process;
  }
}

/** Snippet before the attack: it leaves something to find. */
const trace = `import math, builtins
note = builtins.note = math.note = ${JSON.stringify(secret.split("-")[0])} + "-horse-battery-staple".replace("horse", "horse")
class Keeper: pass
keep = [Keeper() for _ in range(100)]
for index, keeper in enumerate(keep): keeper.note = note + str(index)`;

export const readWitness = (python: Python): Promise<Reading> => python.run(witness, wide);

/** @returns in how many ways the attack succeeded: [] is what one wants */
export async function tryAttack(python: Python, attack: Attack, bench: Bench, clean: Reading): Promise<string[]> {
  await python.run(trace);
  const under = { ...limits, ...attack.limits };
  const result = await python.run(preamble + attack.code, under);
  const after = await readWitness(python);
  const text = result.stdout + result.error;
  const stored = [...Object.keys(localStorage), ...(await caches.keys()), ...(await indexedDB.databases())];
  const ways: [boolean, string][] = [
    [text.includes(breached), "it says so"],
    [text.includes(secret), "it knows a secret"],
    [Array.from(result.stdout).length > under.outputCharacters, "its output is too long"],
    [Array.from(result.error).length > under.outputCharacters + 40, "its error is too long"],
    [attack.arms === true && !result.stdout.startsWith("armed\n"), `it did not begin: ${result.error}`],
    [result.status === "crash", "its worker died"],
    [isMistaken(result, attack), `it is mistaken: ${result.error}`],
    [attack.forges?.includes(result.status) ?? false, `it ends as ${result.status}`],
    [result.fuel < (attack.costs ?? 0), `it pays ${result.fuel}`],
    [result.line !== null && !(Number.isSafeInteger(result.line) && result.line > 0), "its line is none"],
    [bench.messages.splice(0).length > 0, "a message left the worker"],
    [stored.some((name) => JSON.stringify(name).includes("attack")), "it stored something"],
    [!isSame(after, clean), `the next snippet finds ${difference(after, clean)}`],
  ];
  return ways.filter(([succeeded]) => succeeded).map(([, way]) => way);
}

/** A misspelt attack stops no less than a good one; so an error of this kind has to be the one that is foreseen. */
function isMistaken({ status, error }: Reading, { stops }: Attack): boolean {
  if (status !== "error") return false;
  return !(stops ?? /^(?!NameError|UnboundLocalError|SyntaxError|IndentationError|AttributeError|TypeError)/).test(
    error,
  );
}

export function isSame(left: Reading, right: Reading): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** The first line in which two readings differ, for a message. */
export function difference(left: Reading, right: Reading): string {
  const [lines, others] = [left, right].map(({ stdout, ...rest }) => [JSON.stringify(rest), ...stdout.split("\n")]);
  const at = lines.findIndex((line, index) => line !== others[index]);
  return at < 0 ? "less" : `${lines[at].slice(0, 300)} instead of ${(others.at(at) ?? "").slice(0, 300)}`;
}
