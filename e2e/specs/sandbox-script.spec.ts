/** `npm run sandbox` as another program runs it: files in, one result a line out, and nothing else on that stream. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { root } from "../scripts/project.mjs";

const folder = join(root, "e2e", ".output", "snippets");

const files: Record<string, string | Uint8Array> = {
  "ok.py": "import math\nprint(math.comb(10, 3))\n",
  "poison.py": "import builtins, math\nmath.comb = builtins.print = None\n",
  "error.py": "x = 1\nprint('before')\nprint(x / 0)\n",
  "endless.py": "while True:\n    pass\n",
  "flood.py": "while True: print('x' * 50)\n",
  "greedy.py": "x = 'a' * 10**9\n",
  "nul.py": "print(1)\0\n",
  "bytes.py": Uint8Array.from([0x23, 0x0a, 0xff, 0x0a]),
  "surrogate.py": "print('\\ud800')\n",
  "empty.py": "",
  "big.py": `x = "${"a".repeat(2 ** 20)}"\nprint(len(x))\n`,
};

interface Line {
  status: string;
  stdout: string;
  error: string;
  ms: number;
  fuel: number;
  file: string;
  line: number | null;
}

function run(argv: string[], input = "") {
  return spawnSync(process.execPath, [join(root, "e2e", "scripts", "run.mjs"), "sandbox", ...argv], {
    cwd: folder,
    encoding: "utf8",
    input,
  });
}

function runJson(argv: string[], input = ""): Line[] {
  const { stdout, stderr, status } = run(["--json", ...argv], input);
  expect(stderr + String(status)).toMatch(/0$/);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

test.beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every file has its result, in the order given, whatever it does or holds", () => {
  const names = [...Object.keys(files), "ok.py"];
  const lines = runJson(["--fuel", "100000", "--output", "100", ...names, "-"], "print(input is not None)");
  expect(lines.map(({ file }) => file)).toEqual([...names, "-"]);
  const of = (name: string): Line | undefined => lines.findLast(({ file }) => file === name);
  expect(of("ok.py")).toEqual(expect.objectContaining({ status: "ok", stdout: "120\n", error: "", line: null }));
  expect(of("error.py")).toMatchObject({
    status: "error",
    stdout: "before\n",
    error: "ZeroDivisionError: division by zero",
    line: 3,
  });
  expect(of("endless.py")).toMatchObject({ status: "timeout", error: "TimeoutError: time limit exceeded" });
  expect(of("endless.py")?.fuel).toBeGreaterThanOrEqual(100_000);
  expect(of("flood.py")).toMatchObject({ status: "output" });
  expect(of("flood.py")?.stdout).toHaveLength(100);
  expect(of("greedy.py")).toMatchObject({ status: "memory", error: "MemoryError" });
  expect(of("nul.py")).toMatchObject({ status: "error", error: expect.stringContaining("null bytes") });
  expect(of("bytes.py")).toMatchObject({
    status: "error",
    line: 2,
    error: expect.stringContaining("'\\xff'"),
  });
  expect(of("surrogate.py")).toMatchObject({ status: "error", line: 1 });
  expect(of("empty.py")).toMatchObject({ status: "ok", stdout: "" });
  expect(of("big.py")).toMatchObject({ status: "ok", stdout: `${2 ** 20}\n` });
  expect(of("-")).toMatchObject({ status: "ok", stdout: "True\n" });
  // Between the two runs of the first file something tried to spoil it.
  const [first, again] = lines.filter(({ file }) => file === "ok.py");
  expect({ ...again, ms: 0 }).toEqual({ ...first, ms: 0 });
});

test("without --json a result is one line to read", () => {
  const { stdout, status } = run(["error.py", "ok.py"]);
  expect(status).toBe(0);
  const [error, ok, ...more] = stdout.trimEnd().split("\n");
  expect(error).toMatch(/^error .* ms .* fuel {2}error\.py:3 {2}"before\\n" {2}ZeroDivisionError: division by zero$/);
  expect(ok).toMatch(/^ok .* ok\.py {2}"120\\n"$/);
  expect(more).toEqual([]);
});

test("SymPy is there where it is asked for, and nowhere else", () => {
  const [asked] = runJson(["--sympy", "--seconds", "60", "-"], "from sympy import *\nprint(factorint(360))");
  expect(asked).toMatchObject({ status: "ok", stdout: "{2: 3, 3: 2, 5: 1}\n" });
  const [plain] = runJson(["-"], "import sympy");
  expect(plain).toMatchObject({ status: "error", error: "ModuleNotFoundError: No module named 'sympy'" });
});

test("a file that is not there is named with what to do, before anything is run", () => {
  const { stdout, stderr, status } = run(["--json", "ok.py", "gone.py"]);
  expect(stdout).toBe("");
  expect(stderr).toContain("gone.py could not be read: there is no such file. Correct the name or leave it out");
  expect(status).toBe(2);
});

test("a flag that does not exist is refused with those that do", () => {
  const { stdout, stderr, status } = run(["--limit", "3", "ok.py"]);
  expect(stdout).toBe("");
  expect(stderr).toContain("--json, --sympy, --fuel, --seconds, --output, --help");
  expect(status).toBe(2);
});
