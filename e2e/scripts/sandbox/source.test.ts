import { describe, expect, test } from "vitest";
import { UsageError } from "../experiment/command-line";
import { decodeSource, readSource } from "./source";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const text = (words: string): number[] => [...new TextEncoder().encode(words)];

describe("a file's bytes", () => {
  test.each([
    ["an empty file", [], ""],
    ["text", text("print('é𝛑')\n"), "print('é𝛑')\n"],
    ["a byte order mark", [0xef, 0xbb, 0xbf, ...text("print(1)")], "print(1)"],
    ["a NUL", [...text("print(1)"), 0, 10], "print(1)\0\n"],
  ])("of %s are its text", (_name, values, expected) => {
    expect(decodeSource(bytes(...values))).toBe(expected);
  });

  test.each([
    ["a byte that begins nothing", [...text("a = 1\nb = '"), 0xff, ...text("'\n")], "\\xff", 2],
    ["a character that is cut short", [...text("# "), 0xe2, 0x82, 0x41], "\\xe2", 1],
    ["a character cut off by the end", [...text("#\n#\n"), 0xf0, 0x9d, 0x9b], "\\xf0", 3],
    ["a lone surrogate", [...text("#"), 0xed, 0xa0, 0x80], "\\xed", 1],
    ["a continuation on its own", [...text("é"), 0x80], "\\x80", 1],
    ["one bad byte", [0x80], "\\x80", 1],
  ])("with %s are a SyntaxError at its line", (_name, values, byte, line) => {
    const result = decodeSource(bytes(...values));
    expect(result).toMatchObject({ status: "error", stdout: "", line, fuel: 0 });
    expect(result).toHaveProperty(
      "error",
      expect.stringContaining(`Non-UTF-8 code starting with '${byte}' on line ${line},`),
    );
  });

  test("of a file that cannot be read are refused with the reason and what to do", () => {
    expect(() => readSource("no/such.py")).toThrow(UsageError);
    expect(() => readSource("no/such.py")).toThrow(/no\/such\.py could not be read: there is no such file\. Correct/);
    expect(() => readSource("e2e")).toThrow("it is a folder");
  });
});
