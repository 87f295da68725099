import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Attempts } from "./locked-realm.worker";
import { openSandbox } from "./pool";
import type { Sandbox, SnippetLimits } from "./sandbox";
import { ok, type Outcome, outcomeIn } from "./testing/outcome";

const limits: SnippetLimits = { fuel: 5_000_000, seconds: 10, outputCharacters: 2000 };

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await openSandbox({ workers: 1 });
});
afterAll(() => sandbox.close());

const outcome = (code: string, under = limits): Promise<Outcome> => outcomeIn(sandbox, code, under);

test("a locked realm has no door left for JavaScript that runs in it", async () => {
  const worker = new Worker(new URL("./locked-realm.worker.ts", import.meta.url), { type: "module" });
  const { port1, port2 } = new MessageChannel();
  const attempts = await new Promise<Attempts>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<Attempts>) => resolve(data);
    worker.postMessage(port2, [port2]);
  });
  worker.terminate();
  expect(attempts.openBefore).toEqual(expect.arrayContaining(["eval", "fetch", "indexedDB", "Worker", "postMessage"]));
  expect(attempts).toMatchObject({
    open: [],
    generated: Array.from({ length: 6 }, () => "failed"),
    polluted: Array.from({ length: 5 }, () => "failed"),
    thawed: [],
  });
});

describe("no way out", () => {
  test.each([
    ["import js", "No module named 'js'"],
    ["import pyodide_js", "No module named 'pyodide_js'"],
    ["from pyodide.ffi import to_js", "No module named 'pyodide'"],
    ["import ctypes", "No module named 'ctypes'"],
    ["import socket", "No module named 'socket'"],
    ["open('/tmp/x', 'w')", "Read-only file system"],
    ["import os\nos.remove('/lib/python314.zip')", "Read-only file system"],
    ["input()", "EOF when reading a line"],
    ["import os\nassert os.system('ls') == 0, 'refused'", "refused"],
  ])("%j fails", async (code, words) => {
    const result = await sandbox.run(code, limits);
    expect(result).toMatchObject({ status: "error", stdout: "" });
    expect(result.error).toContain(words);
  });

  /** Lets in what the forbidden list keeps out, and brings back the bridge to JavaScript that was unregistered. */
  const bridge = `
import sys, _imp
sys.meta_path.pop(0)
from importlib.machinery import ModuleSpec
core = _imp.create_builtin(ModuleSpec('_pyodide_core', None))
Array = core.to_js([1]).constructor
Object = Array.constructor
`;

  test("the bridge of the next tests stands, and leads to the language only", async () => {
    expect(await outcome(`${bridge}print(Array)\nprint(Object)`)).toEqual(
      ok("function Array() { [native code] }\nfunction Object() { [native code] }\n"),
    );
  });

  test.each([
    ["code from a constructor", "print(Array.constructor.constructor('return 7')())"],
    ["code from a generator's constructor", "print(Array.prototype.values.constructor('return 7')())"],
    ["a change to all arrays", "Array.prototype.at = 7\nprint(Array.prototype.at)"],
    ["a change to all objects", "Object.prototype.forged = 7\nprint(Object.forged)"],
    ["JavaScript by way of C", "import ctypes\nprint(ctypes.CDLL(None).emscripten_run_script(b'postMessage(7)'))"],
    ["a walk to the importer of JavaScript", "import js\nprint(7)"],
    ["a socket", "import socket\nsocket.socket().connect(('127.0.0.1', 80))\nprint(7)"],
  ])("%s is out of reach even over the bridge", async (_name, code) => {
    const result = await sandbox.run(bridge + code, limits);
    expect(result).toMatchObject({ status: "error", stdout: "" });
    expect(await outcome("print(6)")).toEqual(ok("6\n"));
  });

  test.each(["_ctypes", "_testcapi", "_testinternalcapi", "_remote_debugging"])(
    "raw memory is out of reach even without the forbidden list: %s",
    async (name) => {
      const open = "import sys, _imp\nfrom importlib.machinery import ModuleSpec\nsys.meta_path.pop(0)\n";
      const make = `print(_imp.create_builtin(ModuleSpec('${name}', None)))\nimport ${name}`;
      expect(await outcome(open + make)).toEqual({
        status: "error",
        stdout: "None\n",
        error: `ModuleNotFoundError: No module named '${name}'`,
      });
    },
  );
});
