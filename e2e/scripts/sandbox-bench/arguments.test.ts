import { describe, expect, test } from "vitest";
import { UsageError } from "../experiment/command-line";
import { partNames, readSandboxBenchArguments, sandboxBenchHelp } from "./arguments";

describe("the sandbox bench's command line", () => {
  test("without flags measures every part and does not soak", () => {
    expect(readSandboxBenchArguments([], 6)).toEqual({
      parts: [...partNames],
      rounds: 11,
      workers: [1, 2, 4, 6],
      soak: 0,
      out: null,
    });
  });

  test("with --soak only soaks, unless parts are named", () => {
    expect(readSandboxBenchArguments(["--soak", "20000"])).toMatchObject({ parts: [], soak: 20_000 });
    const both = readSandboxBenchArguments("--soak 100 --parts speed,boot --rounds 3 --workers 1,2 --out d".split(" "));
    expect(both).toEqual({ parts: ["speed", "boot"], rounds: 3, workers: [1, 2], soak: 100, out: "d" });
  });

  test.each([
    ["--parts colour", '--parts has "colour", expected any of boot, speed'],
    ["--rounds 0", "at least 1"],
    ["--workers 1,x", '--workers has "x"'],
    ["--soak -1", "--soak"],
    ["--soak 1.5", "--soak"],
    ["--colour red", "colour"],
  ])("refuses %s in a sentence", (line, sentence) => {
    expect(() => readSandboxBenchArguments(line.split(" "))).toThrow(UsageError);
    expect(() => readSandboxBenchArguments(line.split(" "))).toThrow(sentence);
  });

  test("explains every flag", () => {
    for (const flag of ["--parts", "--rounds", "--workers", "--soak", "--out"])
      expect(sandboxBenchHelp()).toContain(flag);
    expect(readSandboxBenchArguments(["--help"])).toBe("help");
  });
});
