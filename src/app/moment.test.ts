import { describe, expect, test } from "vitest";
import type { MetricRow } from "../core/metrics";
import { en } from "../i18n/en";
import { zh } from "../i18n/zh";
import { sentenceOfTheMoment } from "./moment";

const row = (step: number, values: MetricRow["values"]): MetricRow => ({ step, episodes: step * 64, values });
const healthy = {
  reward: 0.4,
  codeRatio: 0.97,
  codePassRate: 0.98,
  mixedGroups: 3 / 8,
  entropy: 0.3,
  selfCorrections: 0,
};
const say = (...rows: MetricRow[]): string => sentenceOfTheMoment(rows, en.moment, { language: "en" });

describe("the sentence of the moment", () => {
  test("says how much code is written and in how many groups answers differ", () => {
    expect(say(row(9, healthy))).toBe(
      "The policy now writes code in 97 % of its answers; in 38 % of its groups the answers still differ, so they teach.",
    );
  });

  test("puts a self-correction before everything else", () => {
    expect(say(row(9, { ...healthy, selfCorrections: 1 }))).toContain("read the error, wrote another, and was right");
  });

  test("compares a new evaluation with the first", () => {
    const rows = [row(0, { accuracy: 0.4 }), row(10, { ...healthy, accuracy: 0.62 })];
    expect(say(...rows)).toContain("; accuracy on the fixed problems is 62 %; it began at 40 %.");
  });

  test("names what goes wrong: no signal, junk code, nothing new", () => {
    expect(say(row(9, { ...healthy, mixedGroups: 0 }))).toContain("had nothing to teach");
    expect(say(row(9, { ...healthy, codePassRate: 0.2 }))).toContain("getting worse");
    expect(say(row(9, { ...healthy, entropy: 0.001 }))).toContain("hardly tries anything new");
  });

  test("says where the policy begins before the first step, if that was measured", () => {
    expect(say()).toBe(en.moment.empty);
    expect(say(row(0, { accuracy: 0.4 }))).toBe(en.moment.coldStart("40 %"));
  });

  test("speaks Chinese too", () => {
    const sentence = sentenceOfTheMoment([row(9, healthy)], zh.moment, { language: "zh" });
    expect(sentence).toBe("策略现在在 97 % 的回答中写代码；38 % 的组内回答仍有差异，因此有可学之处。");
  });
});
