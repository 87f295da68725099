import { describe, expect, test } from "vitest";
import { UsageError } from "../experiment/command-line";
import { readSandboxArguments, sandboxHelp } from "./arguments";

describe("the command line of npm run sandbox", () => {
  test("takes files in their order, with a run's limits", () => {
    expect(readSandboxArguments(["b.py", "a.py"])).toEqual({
      files: ["b.py", "a.py"],
      limits: { fuel: 2_000_000, seconds: 5, outputCharacters: 1024 },
      json: false,
      sympy: false,
    });
  });

  test("takes limits, --json, --sympy, standard input, and a name that begins with a dash", () => {
    const line = "--json --sympy --fuel 1000 --seconds=0.5 --output 64 - -- -odd.py".split(" ");
    expect(readSandboxArguments(line)).toEqual({
      files: ["-", "-odd.py"],
      limits: { fuel: 1000, seconds: 0.5, outputCharacters: 64 },
      json: true,
      sympy: true,
    });
  });

  test.each([
    ["", "No file is given"],
    ["--json", "No file is given"],
    ["--fuel 1 a.py", "--fuel is 1, expected a whole number 1000..1000000000"],
    ["--fuel 1e99 a.py", "--fuel is 1e99"],
    ["--fuel 5000.5 a.py", "whole number"],
    ["--seconds soon a.py", "--seconds is soon, expected a number 0.05..60"],
    ["--output=-5 a.py", "--output is -5"],
    ["--output= a.py", "--output is empty"],
    ["--colour red a.py", "--colour"],
    ["- - a.py", "given twice"],
  ])("refuses '%s' in a sentence", (line, sentence) => {
    const argv = line.split(" ").filter(Boolean);
    expect(() => readSandboxArguments(argv)).toThrow(UsageError);
    expect(() => readSandboxArguments(argv)).toThrow(sentence);
  });

  test("explains every flag and the exit status", () => {
    for (const word of ["--json", "--sympy", "--fuel", "--seconds", "--output", "Exit status"])
      expect(sandboxHelp).toContain(word);
    expect(readSandboxArguments(["a.py", "--help"])).toBe("help");
  });
});
