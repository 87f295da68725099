import { describe, expect, it } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { makeRng } from "../core/rng";
import { gradeAnswer } from "./grade";
import { isAmong, keysOf, problemFromId } from "./problem";
import { families } from "./registry";
import { sampleProblem } from "./sample";
import type { Level, Wording } from "./task";

describe("sampleProblem", () => {
  test.prop([fc.nat()])("draws the same from the same stream, and ids make it again", (seed) => {
    const problem = sampleProblem(makeRng(seed));
    expect(sampleProblem(makeRng(seed))).toEqual(problem);
    expect(problemFromId(problem.id)).toEqual(problem);
  });

  it("draws each family and level about as often as the others", () => {
    const draws = 6000;
    const rng = makeRng(3);
    const counts = new Map<string, number>();
    for (let i = 0; i < draws; i++) {
      const { family, level } = sampleProblem(rng);
      counts.set(`${family}/${level}`, (counts.get(`${family}/${level}`) ?? 0) + 1);
    }
    const cells = Object.keys(families).length * 3;
    expect(counts.size).toBe(cells);
    expect(Math.min(...counts.values())).toBeGreaterThan((draws / cells) * 0.6);
    expect(Math.max(...counts.values())).toBeLessThan((draws / cells) * 1.4);
  });

  test.prop([fc.nat(), fc.constantFrom(...Object.keys(families)), fc.constantFrom<Level>(1, 2, 3)])(
    "keeps to the families and levels that are asked for",
    (seed, family, level) => {
      const problem = sampleProblem(makeRng(seed), { families: [family], levels: [level] });
      expect(problem).toMatchObject({ family, level });
    },
  );

  it("words problems as it is asked to, half by half, and plainly where it is not", () => {
    const ids = (wordings?: readonly Wording[]): string[] =>
      Array.from({ length: 400 }, (_, seed) => sampleProblem(makeRng(seed), { wordings }).id);
    const told = ids(["seen", "told"]).filter((id) => id.endsWith("/told"));
    expect(told.length / 400).toBeCloseTo(0.5, 1);
    expect(ids().filter((id) => !/^[a-z-]+\/\d\/\d+$/.test(id))).toEqual([]);
  });

  it("keeps away from excluded numbers, and says so when nothing is left", () => {
    const options = { families: ["binomial"], levels: [1] as const };
    const exclude = new Set<string>();
    const drawAll = (): void => {
      for (let seed = 0; ; seed++) {
        const problem = sampleProblem(makeRng(seed), { ...options, exclude });
        expect(isAmong(problem, exclude)).toBe(false);
        for (const key of keysOf(problem)) exclude.add(key);
      }
    };
    expect(drawAll).toThrow("binomial, level 1: 1000 draws gave only excluded problems");
    expect(exclude.size).toBeGreaterThan(10);
  });

  it("names the families when one is unknown", () => {
    expect(() => sampleProblem(makeRng(1), { families: ["gdc"] })).toThrow(/no family "gdc"; there are .*gcd/);
  });
});

describe("gradeAnswer", () => {
  it("wants the integer itself", () => {
    expect(gradeAnswer(12, { answer: 12 })).toBe(true);
    expect(gradeAnswer(-12, { answer: 12 })).toBe(false);
    expect(gradeAnswer(12.000001, { answer: 12 })).toBe(false);
    expect(gradeAnswer(NaN, { answer: 12 })).toBe(false);
    expect(gradeAnswer(null, { answer: 0 })).toBe(false);
  });
});
