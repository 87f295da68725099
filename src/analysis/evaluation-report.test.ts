import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import type { EpisodeRecord } from "../core/episode";
import type { EvaluationSetting } from "../core/evaluation";
import { reportEvaluation, scoreProblems } from "./evaluation-report";
import { episode } from "./testing/episode";

const setting: EvaluationSetting = {
  step: 3,
  set: "MiniAIME-24",
  title: "MiniAIME-24",
  seed: 1,
  temperature: 1,
  topP: 0.7,
};

interface Sample {
  problem: number;
  right: boolean;
  byCode: boolean;
}

const families = ["gcd", "lcm", "binomial"];

function record({ problem, right, byCode }: Sample): EpisodeRecord {
  const family = families[problem % families.length];
  return episode({
    correct: right,
    correctByCode: right && byCode,
    problem: {
      id: `${family}/${problem}`,
      family,
      kind: "k",
      question: `problem ${problem}?`,
      answer: problem,
      level: 1 + (problem % 2),
    },
  });
}

const sample = fc.record({ problem: fc.integer({ min: 0, max: 6 }), right: fc.boolean(), byCode: fc.boolean() });
const samples = fc.array(sample, { minLength: 1, maxLength: 60 });

/** The mean over problems, by a loop for each problem over everything. */
function slowAccuracy(list: readonly Sample[], isRight: (one: Sample) => boolean): number {
  let sum = 0;
  let problems = 0;
  for (let problem = 0; problem <= 6; problem++) {
    let all = 0;
    let right = 0;
    for (const one of list) {
      if (one.problem !== problem) continue;
      all += 1;
      if (isRight(one)) right += 1;
    }
    if (all === 0) continue;
    sum += right / all;
    problems += 1;
  }
  return sum / problems;
}

describe("an evaluation's table", () => {
  property.prop([samples])("has avg@N as a slow loop finds it, whatever the order of samples", (list) => {
    const { all } = reportEvaluation(setting, list.map(record));
    expect(all.accuracy.mean).toBeCloseTo(
      slowAccuracy(list, ({ right }) => right),
      12,
    );
    expect(all.accuracyByCode.mean).toBeCloseTo(
      slowAccuracy(list, ({ right, byCode }) => right && byCode),
      12,
    );
    const backwards = reportEvaluation(setting, list.toReversed().map(record));
    expect(backwards.all.accuracy.mean).toBeCloseTo(all.accuracy.mean, 12);
  });

  property.prop([samples])("splits every problem into one family and one level, and loses none", (list) => {
    const { all, byFamily, byLevel, passAtK } = reportEvaluation(setting, list.map(record));
    for (const parts of [byFamily, byLevel]) {
      expect(parts.reduce((sum, { problems }) => sum + problems, 0)).toBe(all.problems);
      expect(parts.reduce((sum, part) => sum + part.samples, 0)).toBe(list.length);
      const weighted = parts.reduce((sum, { accuracy, problems }) => sum + accuracy.mean * problems, 0);
      expect(weighted / all.problems).toBeCloseTo(all.accuracy.mean, 12);
      const passed = parts.reduce((sum, { pass, problems }) => sum + (pass?.right.mean ?? 0) * problems, 0);
      expect(passed / all.problems).toBeCloseTo(passAtK[passAtK.length - 1].right.mean, 12);
    }
  });

  property.prop([samples])("right by code is never more than right", (list) => {
    const report = reportEvaluation(setting, list.map(record));
    for (const { accuracy, accuracyByCode } of [report.all, ...report.byFamily, ...report.byLevel]) {
      expect(accuracyByCode.mean).toBeLessThanOrEqual(accuracy.mean + 1e-12);
    }
    for (const { right, byCode } of report.passAtK) expect(byCode.mean).toBeLessThanOrEqual(right.mean + 1e-12);
  });

  test("gives pass@k for powers of two as far as every problem was sampled; pass@1 is avg@N", () => {
    const list = [0, 1, 2, 3, 4].flatMap((problem) =>
      Array.from({ length: 6 }, (_, i) => record({ problem, right: i < problem, byCode: false })),
    );
    const { passAtK, all } = reportEvaluation(setting, list);
    expect(passAtK.map(({ k }) => k)).toEqual([1, 2, 4]);
    expect(passAtK[0].right.mean).toBeCloseTo(all.accuracy.mean, 12);
    // Two of six: 1 - C(5,2)/C(6,2) and so on for 1, 2, 3 and 4 right ones.
    expect(passAtK[1].right.mean).toBeCloseTo((0 + 5 / 15 + 9 / 15 + 12 / 15 + 14 / 15) / 5, 12);
  });

  test("has bounds where there are problems enough", () => {
    const list = Array.from({ length: 7 }, (_, problem) => record({ problem, right: problem > 2, byCode: true }));
    const { all, byFamily } = reportEvaluation(setting, list);
    expect(all.accuracy.bounds?.[0]).toBeLessThan(all.accuracy.mean);
    expect(all.accuracy.bounds?.[1]).toBeGreaterThan(all.accuracy.mean);
    expect(byFamily.map(({ name, accuracy }) => [name, accuracy.bounds])).toEqual([
      ["binomial", null],
      ["gcd", null],
      ["lcm", null],
    ]);
  });

  test("does not split a set of the reader's own, which says neither level nor family", () => {
    const report = reportEvaluation({ ...setting, set: "own" }, [record({ problem: 1, right: true, byCode: true })]);
    expect(report).toMatchObject({ all: { problems: 1 }, byLevel: [], byFamily: [] });
  });

  test("counts problem by problem, in their order, and says what was asked", () => {
    const list = [4, 4, 2].map((problem, i) => record({ problem, right: i !== 1, byCode: i === 0 }));
    expect(scoreProblems(list)).toMatchObject([
      { id: "lcm/4", question: "problem 4?", answer: 4, samples: 2, right: 1, byCode: 1 },
      { id: "binomial/2", samples: 1, right: 1, byCode: 0 },
    ]);
  });
});
