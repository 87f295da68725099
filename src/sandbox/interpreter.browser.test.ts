import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cdp } from "vitest/browser";
import { openSandbox } from "./pool";
import type { Sandbox, SnippetLimits } from "./sandbox";
import { ok, type Outcome, outcomeIn } from "./testing/outcome";

const limits: SnippetLimits = { fuel: 5_000_000, seconds: 10, outputCharacters: 2000 };
const short: SnippetLimits = { fuel: 500_000, seconds: 2, outputCharacters: 2000 };

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await openSandbox({ workers: 1 });
});
afterAll(() => sandbox.close());

const outcome = (code: string, under = limits): Promise<Outcome> => outcomeIn(sandbox, code, under);

describe("a snippet", () => {
  test("gives what it prints", async () => {
    expect(await outcome("import math\nprint(math.gcd(12, 18))\nprint('é 漢 🙂', end='')")).toEqual(ok("6\né 漢 🙂"));
  });

  test.each([
    ["print(1)\n1/0", "1\n", "ZeroDivisionError: division by zero"],
    ["math.gcd(1, 2)", "", "NameError: name 'math' is not defined. Did you forget to import 'math'?"],
    ["total = 1\nprint(totl)", "", "NameError: name 'totl' is not defined. Did you mean: 'total'?"],
    ["[].apend(1)", "", "AttributeError: 'list' object has no attribute 'apend'. Did you mean: 'append'?"],
    ["int('x')", "", "ValueError: invalid literal for int() with base 10: 'x'"],
    ["print(1", "", "SyntaxError: '(' was never closed"],
    ["fro i in range(3):\n  pass", "", "SyntaxError: invalid syntax. Did you mean 'for'?"],
    ["def f():\npass", "", "IndentationError: expected an indented block after function definition on line 1"],
    ["import numpy", "", "ModuleNotFoundError: No module named 'numpy'"],
    ["raise KeyboardInterrupt", "", "KeyboardInterrupt"],
    ["raise ValueError('a\\nb')", "", "b"],
    ["class E(Exception):\n  def __str__(self): raise E\nraise E", "", "E: <exception str() failed>"],
    ["f = lambda n: f(n + 1)\nf(0)", "", "RecursionError: maximum recursion depth exceeded"],
  ])("%j ends as CPython words it", async (code, stdout, error) => {
    expect(await outcome(code)).toEqual({ status: "error", stdout, error });
  });

  test.each([
    ["nothing", "", "ok", ""],
    ["a NUL", "print(1)\0", "error", "SyntaxError: source code string cannot contain null bytes"],
    ["half of a pair", "x = '\ud800'", "error", "'utf-8' codec can't encode character '\\ud800'"],
    ["half of a pair, printed", "print(chr(0xd800))", "error", "UnicodeEncodeError: 'utf-8' codec can't encode"],
    ["16,000 lines", "x = 1\n".repeat(16_000), "ok", ""],
    ["three megabytes", "#".repeat(3_000_000), "error", "ValueError: the snippet has 3000000 characters"],
  ])("of %s gets a clear result", async (_name, code, status, error) => {
    const result = await outcome(code);
    expect(result.status).toBe(status);
    expect(result.error).toContain(error);
    expect(await outcome("print(1)")).toEqual(ok("1\n"));
  });

  test("that is no string is refused in a sentence", async () => {
    const code: unknown = 7;
    expect(await outcome(code as string)).toMatchObject({ status: "error", error: "TypeError: a snippet is a string" });
  });

  test("says its line and its fuel", async () => {
    const broken = await sandbox.run("def f():\n    1/0\n\nf()", limits);
    expect(broken).toMatchObject({ line: 2, error: "ZeroDivisionError: division by zero" });
    expect(await sandbox.run("x = (1,\n  2\ny = 3", limits)).toMatchObject({ status: "error", line: 1 });
    const loop = "for _ in range(1000): pass";
    const first = await sandbox.run(loop, limits);
    expect(first.fuel).toBeGreaterThanOrEqual(1000);
    expect(first.fuel).toBeLessThan(1100);
    expect((await sandbox.run(loop, limits)).fuel).toBe(first.fuel);
  });

  test("may end itself", async () => {
    for (const end of ["raise SystemExit", "raise SystemExit(0)", "import sys\nsys.exit()"]) {
      expect(await outcome(`print(1)\n${end}`)).toEqual(ok("1\n"));
    }
  });

  test.each([
    ["with a sentence", "import sys\nsys.exit('error: no solution')", "error: no solution"],
    ["with a number", "raise SystemExit(3)", "SystemExit: 3"],
    ["with a hostile code", "class C:\n  def __str__(s): 1/0\nraise SystemExit(C())", "SystemExit"],
    ["with a code that cannot be read", "class E(SystemExit): code = property(lambda s: 1/0)\nraise E", "SystemExit"],
  ])("that ends itself %s fails as CPython would", async (_name, code, error) => {
    expect(await outcome(code)).toEqual({ status: "error", stdout: "", error });
  });

  test.each([
    ["raise MemoryError('own words')", "MemoryError: own words"],
    ["class M(MemoryError): pass\nraise M", "M"],
    [
      "class M(type):\n  __name__ = property(lambda s: 1/0)\nclass E(KeyboardInterrupt, metaclass=M): pass\nraise E",
      "E",
    ],
    ["class E(Exception): __traceback__ = property(lambda s: 1/0)\nraise E('x')", "E"],
  ])("%j keeps its own words", async (code, error) => {
    expect(await outcome(code)).toEqual({ status: "error", stdout: "", error });
  });

  test("may use all of the memory that is left, whatever ran before", async () => {
    const code = "x = []\ntry:\n  while True: x.append(bytearray(10**6))\nexcept MemoryError: print(len(x))";
    const first = await outcome(code);
    expect(first.stdout).toMatch(/^1\d\d\n$/);
    for (const megabytes of [60, 100, 140, 155]) await outcome(`x = bytearray(${megabytes} * 10**6)`);
    expect(await outcome(code)).toEqual(first);
  });

  test("lives in universal time, wherever the browser is", async () => {
    await cdp().send("Emulation.setTimezoneOverride", { timezoneId: "Asia/Kolkata" });
    expect(new Date(0).getTimezoneOffset()).toBe(-330);
    const abroad = await openSandbox({ workers: 1 });
    const code =
      "import time, datetime\nprint(time.ctime(1767225600), time.localtime(0)[:9], time.tzname, time.timezone)\n" +
      "print(time.mktime((2024, 2, 30, 25, 61, 0, 0, 0, 0)), datetime.datetime.fromtimestamp(951782400.5))";
    const { stdout } = await abroad.run(code, limits);
    abroad.close();
    await cdp().send("Emulation.setTimezoneOverride", { timezoneId: "" });
    expect(stdout).toBe(
      "Thu Jan  1 00:00:00 2026 (1970, 1, 1, 0, 0, 0, 3, 1, 0) ('UTC', 'UTC') 0\n" +
        "1709344860.0 2000-02-29 00:00:00.500000\n",
    );
  });

  test("finds a fresh namespace and fresh modules", async () => {
    const poison =
      "import math, builtins, random, sys\nx = 1\nmath.pi = 3\nbuiltins.len = None\nrandom.seed(9)\nsys.poison = 1";
    expect(await outcome(poison)).toEqual(ok(""));
    const victim = "import math, sys\nprint(math.pi, len('abc'), hasattr(sys, 'poison'), 'x' in globals())";
    expect(await outcome(victim)).toEqual(ok("3.141592653589793 3 False False\n"));
  });

  test("repeats itself to the letter: hash, randomness, clock, addresses", async () => {
    const code = "import random, time, uuid\nprint(hash('a'), random.random(), time.time(), uuid.uuid4(), object())";
    const first = await outcome(code);
    expect(first.status).toBe("ok");
    await outcome("import random\nrandom.seed(5)\nrubbish = [object() for _ in range(10**5)]");
    expect(await outcome(code)).toEqual(first);
  });
});

describe("a limit", () => {
  test.each([
    ["a loop", "print('before')\nwhile True: pass", "before\n"],
    ["a loop that catches all", "while True:\n  try:\n    while True: pass\n  except BaseException: pass", ""],
    ["a finally loop", "try:\n  while True: pass\nfinally:\n  while True: pass", ""],
    ["large integers", "print(len(str(9**9**7)))", ""],
  ])("of time stops %s and keeps what was printed", async (_name, code, stdout) => {
    const { timeout, respawned } = sandbox.counts();
    expect(await outcome(code, short)).toEqual({
      status: "timeout",
      stdout,
      error: "TimeoutError: time limit exceeded",
    });
    expect(await outcome("print(2)")).toEqual(ok("2\n"));
    expect(sandbox.counts()).toMatchObject({ timeout: timeout + 1, respawned });
  });

  test("of time kills the worker of a loop in C, and the next snippet is right", async () => {
    const { timeout, respawned, retried } = sandbox.counts();
    const result = await outcome("print(sum(range(10**11)))", short);
    expect(result).toEqual({ status: "timeout", stdout: "", error: "TimeoutError: time limit exceeded" });
    expect(await outcome("print(3)")).toEqual(ok("3\n"));
    expect(sandbox.counts()).toMatchObject({ timeout: timeout + 1, respawned: respawned + 1, retried });
  });

  test("of output cuts while printing", async () => {
    const flood = (caught: string) => `while True:\n  try: print('ab')\n  except ${caught}: pass`;
    const ten = { ...limits, outputCharacters: 10 };
    expect(await outcome(flood("Exception"), ten)).toMatchObject({ status: "output", stdout: "ab\nab\nab\na" });
    expect(await outcome(flood("BaseException"), ten)).toMatchObject({ status: "output", stdout: "ab\nab\nab\na" });
  });

  test.each(["'a' * 10**9", "[0] * 10**9", "s = 'ab'\nwhile True: s += s"])("of memory ends %j", async (code) => {
    expect(await outcome(code, { ...limits, seconds: 10 })).toEqual({
      status: "memory",
      stdout: "",
      error: "MemoryError",
    });
    expect(await outcome("print(4)")).toEqual(ok("4\n"));
  });

  test.each([
    ["the engine's stack", "", "x = []\nfor _ in range(100000): x = [x]\nrepr(x)"],
    ["the parser's", "", "eval('-' * 5000 + '1')"],
    ["an abort", "0\n", "import os\nos.abort()"],
    ["an exit", "0\n", "import os\nos._exit(0)"],
  ])("below Python (%s) is an error, and the next snippet is right", async (_name, stdout, code) => {
    const { respawned } = sandbox.counts();
    expect(await sandbox.run(`print(0)\n${code}`, limits)).toMatchObject({ status: "error", stdout });
    expect(await outcome("print(5)")).toEqual(ok("5\n"));
    expect(sandbox.counts().respawned).toBe(respawned);
  });
});
