import { expect, test } from "vitest";
import { makeConfig } from "../config/presets";
import { en } from "../i18n/en";
import { zh } from "../i18n/zh";
import { groupRuns } from "../storage/comparison";
import { evaluation } from "../storage/fixture";
import { comparisonTable, differenceSentence, presentRun, tableCsv, withKept, withScore } from "./compare";
import { emptyRun } from "./run-view";

const info = {
  config: makeConfig("spark"),
  backend: { name: "wasm", adapter: "", reason: "", threads: 1 },
  parameters: 1,
  checkpoint: "cold-start/spark",
  isolated: true,
} as const;

const rows = [{ step: 4, episodes: 256, values: { selfCorrections: 2, evaluationCodeRatio: 0.5 } }];

test("a run is compared from its first number on, and kept under a name of its own, the newest eight", () => {
  expect(presentRun({ run: emptyRun, info }, "this run")).toBeNull();
  const run = presentRun({ run: { ...emptyRun, rows }, info }, "this run");
  expect(run).toMatchObject({ name: "this run", backend: "wasm", rows });
  const kept = Array.from({ length: 10 }, (_, i) => i + 1).reduce<ReturnType<typeof withKept>>(
    (list, number) => (run ? withKept(list, run, number) : list),
    [],
  );
  expect(kept.map(({ name }) => name)).toEqual([3, 4, 5, 6, 7, 8, 9, 10].map((number) => `spark ${number}`));
});

test("the sentence and the table say what differs and where they stand, in both languages", () => {
  const base = { name: "a", config: info.config, checkpoint: "", backend: "wasm", rows, evaluations: [] };
  const other = { ...base, id: "b", name: 'b "2"', config: makeConfig("spark", { rollout: { tool: "off" } }) };
  const groups = groupRuns([{ ...base, id: "a", evaluations: [evaluation({ step: 4, mean: 0.5 })] }, other]);
  expect(differenceSentence(groups, en.compare, "en")).toBe("They differ in: tool (on / off).");
  expect(differenceSentence(groups.slice(1), zh.compare, "zh")).toBe(zh.compare.same);
  const [titles, first, second] = comparisonTable(groups, en.compare, "en");
  expect(titles.slice(0, 3)).toEqual(["run", "MiniAIME-24", "MiniAIME-24, by code"]);
  expect(first[0]).toBe("a, seed 1");
  expect(first[1]).toMatch(/^50/);
  expect(second[1]).toBe(en.compare.none);
  expect(second.at(-1)).toBe("2 (first in step 4)");
  expect(tableCsv([second]).split(",")[0]).toBe('"b ""2""');
});

test("of a model from outside the fullest score stands, and of two as full the newer", () => {
  const score = (title: string, problems: number, step = 0) => {
    const report = evaluation({ step, mean: 0.5 });
    return { ...report, title, all: { ...report.all, problems } };
  };
  const [whole, part, again, other] = [score("big", 30), score("big", 2), score("big", 30, 1), score("small", 1)];
  expect([part, whole, part, other, again].reduce(withScore, [])).toEqual([other, again]);
  const cells = comparisonTable([], en.compare, "en", [whole, other]);
  expect(cells.map(([name]) => name)).toEqual([en.compare.run, "big, 30 problems", "small, 1 problem"]);
  expect(new Set(cells.map((row) => row.length)).size).toBe(1);
});
