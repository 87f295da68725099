import { describe, expect, it, test } from "vitest";
import { makeConfig } from "../config/presets";
import { makeRng } from "../core/rng";
import { curriculumOf } from "./curriculum";
import { numbersOf } from "./problem";
import { families } from "./registry";
import { sampleProblem } from "./sample";

const asked = (problems: "families" | "two-step" | "wide", leftOut = "") =>
  makeConfig("spark", { problems, coldStart: { leftOut } });

describe("the curriculum", () => {
  it("shows and trains all families where nothing is left out", () => {
    const { trained, shown, leftOut, reserved } = curriculumOf(asked("families"));
    expect(trained).toEqual(Object.keys(families));
    expect(shown).toEqual(trained);
    expect([leftOut, [...reserved]]).toEqual([[], []]);
  });

  it("words the wide pool in further ways, and no other", () => {
    const wide = curriculumOf(makeConfig("wide"));
    expect(wide.wordings).toEqual(["seen", "told"]);
    expect(wide.trained).not.toContain("remainder-of-multiples-sum");
    expect(curriculumOf(asked("families")).wordings).toEqual(["seen"]);
    expect(curriculumOf(asked("two-step")).wordings).toEqual(["seen"]);
  });

  it("draws the families of the wide pool that are told in many ways more often than the others", () => {
    const { trained, shown } = curriculumOf(makeConfig("wide"));
    const times = (name: string): number => trained.filter((each) => each === name).length;
    expect([times("gcd"), times("gcd-of-expressions"), times("part-of-box")]).toEqual([3, 1, 1]);
    expect(shown).toEqual(trained);
  });

  it("trains what it does not show, and measures it with every family and level", () => {
    const { trained, shown, leftOut } = curriculumOf(asked("two-step", "square-of-gcd,plus-of-lcm"));
    expect(trained.filter((name) => !shown.includes(name))).toEqual(["square-of-gcd", "plus-of-lcm"]);
    expect(leftOut).toHaveLength(30);
    expect(new Set(leftOut.map(({ family, level }) => `${family}/${level}`)).size).toBe(6);
    expect(curriculumOf(asked("two-step", "square-of-gcd,plus-of-lcm")).leftOut).toEqual(leftOut);
  });

  it("does not show what is left out by a family that asks the same", () => {
    const { trained, shown } = curriculumOf(asked("wide", "gcd,box-volume"));
    const hidden = trained.filter((name) => !shown.includes(name));
    expect(new Set(hidden)).toEqual(new Set(["gcd", "value-of-gcd", "box-volume", "part-of-box"]));
  });

  it("keeps the numbers of what it measures out of training", () => {
    const { leftOut, reserved } = curriculumOf(asked("two-step", "square-of-number"));
    const programs = new Set(leftOut.map(({ programs: [first] }) => first));
    const drawn = Array.from({ length: 300 }, (_, seed) =>
      sampleProblem(makeRng(seed), { families: ["square-of-number"], levels: [3], exclude: reserved }),
    );
    expect(drawn.filter(({ programs: [first] }) => programs.has(first))).toEqual([]);
  });

  it("keeps them out of the families that ask the same, in whatever words", () => {
    const { leftOut, reserved } = curriculumOf(asked("wide", "divisor-sum"));
    const numbers = new Set(leftOut.map(({ question }) => numbersOf(question)));
    const draw = (exclude?: ReadonlySet<string>): string[] =>
      Array.from({ length: 300 }, (_, seed) =>
        numbersOf(sampleProblem(makeRng(seed), { families: ["divisors-of-number"], exclude }).question),
      );
    expect(draw().some((own) => numbers.has(own))).toBe(true);
    expect(draw(reserved).filter((own) => numbers.has(own))).toEqual([]);
  });

  test.each([
    ["families", "gdc", 'There is no family "gdc" to leave out. There are triangle-area,'],
    ["two-step", "binomial", 'There is no family "binomial" to leave out.'],
    ["families", Object.keys(families).join(","), "All families are left out of the cold start."],
  ] as const)("of %s refuses to leave out %s", (problems, leftOut, message) => {
    expect(() => curriculumOf(asked(problems, leftOut))).toThrow(message);
  });
});
