import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { diffCode, type DiffLine } from "./code-diff";

/** The diff as text, with changed words in brackets. */
const written = (lines: readonly DiffLine[]): string[] =>
  lines.map(({ kind, parts }) => {
    const sign = { same: " ", removed: "-", added: "+" }[kind];
    return sign + parts.map(({ text, changed }) => (changed && text ? `[${text}]` : text)).join("");
  });

const side = (lines: readonly DiffLine[], other: "added" | "removed"): string =>
  lines
    .filter(({ kind }) => kind !== other)
    .map(({ parts }) => parts.map(({ text }) => text).join(""))
    .join("\n");

describe("diffCode", () => {
  test("marks the words that a mended snippet does without", () => {
    expect(written(diffCode("print(pow math range(5,3,4))", "print(pow(5,3,4))"))).toEqual([
      "-print(pow[ math range](5,3,4))",
      "+print(pow(5,3,4))",
    ]);
  });

  test("keeps what is the same in its place, and takes new lines whole", () => {
    expect(written(diffCode("x=7\nprint(gcd(x,14))", "from math import gcd\nx=7\nprint(gcd(x,21))\n"))).toEqual([
      "+[from math import gcd]",
      " x=7",
      "-print(gcd(x,[14]))",
      "+print(gcd(x,[21]))",
    ]);
  });

  test("says nothing of a last line break", () => {
    expect(written(diffCode("a\nb", "a\nb\n"))).toEqual([" a", " b"]);
  });

  const line = fc.constantFrom("x = 1", "x = 2", "print(x)", "for i in range(9):", " x += i", "import math");
  const code = fc.array(line, { minLength: 1, maxLength: 8 }).map((lines) => lines.join("\n"));

  property.prop([code, code])("holds both snippets whole", (before, after) => {
    const lines = diffCode(before, after);
    expect(side(lines, "added")).toBe(before);
    expect(side(lines, "removed")).toBe(after);
  });

  property.prop([code])("finds no difference where there is none", (same) => {
    expect(diffCode(same, same).every(({ kind }) => kind === "same")).toBe(true);
  });
});
