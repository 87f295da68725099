import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { makeSympyArchive, mend, packages } from "./sympy-archive.mjs";
import { zip } from "./zip.mjs";

test("what has to be mended is mended, and a version that lacks it is refused", () => {
  const parser = "sympy/parsing/sympy_parser.py";
  const text = "a = ast.Num(1)\nb = ast.NameConstant(value=False, ctx=ast.Load())\n";
  expect(mend(parser, text)).toBe("a = ast.Constant(1)\nb = ast.Constant(value=False)\n");
  expect(() => mend(parser, "a = 1")).toThrow("sympy_parser.py has no ast.Num(1): the pinned version of SymPy");
  expect(mend("sympy/core/add.py", text)).toBe(text);
});

test("where Debian's packages cannot be had, a sentence says what and what to do", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sympy-"));
  vi.stubEnv("PATH", folder);
  try {
    const failure = makeSympyArchive(folder);
    await expect(failure).rejects.toThrow(
      "SymPy could not be fetched: there is no apt-get here. It comes from Debian 12",
    );
    for (const { name, version } of packages) await expect(failure).rejects.toThrow(`${name}_${version}_all.deb`);
  } finally {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  }
});

test("a zip has the same bytes for the same files, and a list of them at its end", () => {
  const files: [string, Buffer][] = [
    ["a/é.py", Buffer.from("x = 1\n".repeat(100))],
    ["b.py", Buffer.from("")],
  ];
  const bytes = zip(files);
  expect(zip(files).equals(bytes)).toBe(true);
  expect(bytes.readUInt32LE(bytes.length - 22)).toBe(0x06054b50);
  expect(bytes.readUInt16LE(bytes.length - 12)).toBe(2);
  const list = bytes.readUInt32LE(bytes.length - 6);
  expect(bytes.readUInt32LE(list)).toBe(0x02014b50);
  expect(bytes.subarray(list + 46, list + 53).toString()).toBe("a/é.py");
});
