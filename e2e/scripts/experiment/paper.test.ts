import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { evaluation } from "../../../src/storage/fixture";
import { readPaperArguments } from "./paper";
import { arms, tableRows } from "./paper-arms";
import { accuracyAt, correctionsByThird, selfCorrections, tableOf, tableText } from "./paper-table";

const folder = mkdtempSync(join(tmpdir(), "paper-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the arms", () => {
  test("each begins from one that trains and comes before it, and every row shows one that scores", () => {
    arms.forEach(({ from }, i) => {
      const source = arms.findIndex(({ name }) => name === from);
      expect(from === null || (source >= 0 && source < i && arms[source].trains)).toBe(true);
    });
    for (const { arm } of tableRows.filter(({ arm }) => arm !== null))
      expect(arms.find(({ name }) => name === arm)?.trains).toBe(false);
  });
});

describe("the command line", () => {
  const read = (line: string) => readPaperArguments(line.split(" ").filter(Boolean));

  test("has the paper's 32 samples and three seeds unless told otherwise", () => {
    expect(read("--out x")).toMatchObject({ seeds: [1, 2, 3], samples: 32, steps: 125, arms, build: true });
    expect(read("--out x --seeds 7 --steps 3 --arms text,retool --no-build")).toMatchObject({
      seeds: [7],
      steps: 3,
      arms: [{ name: "retool" }, { name: "text" }],
      build: false,
    });
  });

  test.each([
    ["", "--out is missing"],
    ["--out x --seeds 1,", '--seeds has ""'],
    ["--out x --seeds 1,1", "names a seed twice"],
    ["--out x --steps 0", '--steps has "0"'],
    ["--out x --arms retol", '--arms has "retol"'],
    ["--out x --seed 1", "--seed is not a flag"],
  ])("refuses %s by name", (line, message) => {
    expect(() => read(line)).toThrow(message);
  });
});

describe("the table", () => {
  const runOf = (arm: string, seed: number): string => join(folder, arm, `seed-${seed}`);
  for (const [seed, mean] of [
    [1, 0.5],
    [2, 1],
  ]) {
    const run = runOf("retool-scored", seed);
    mkdirSync(run, { recursive: true });
    const lines = [0, mean].map((share) => {
      const report = evaluation({ step: 0, mean: share });
      return {
        ...report,
        problems: report.problems.map((problem) => ({ ...problem, right: share * problem.samples })),
      };
    });
    writeFileSync(join(run, "evaluations.jsonl"), lines.map((report) => `${JSON.stringify(report)}\n`).join(""));
    const rows = [
      { step: 0, episodes: 0, values: { accuracy: 0.3 } },
      { step: 20, episodes: 4, values: { selfCorrectionAttempts: 2 } },
      { step: 21, episodes: 5, values: { selfCorrectionAttempts: 3 } },
      { step: 50, episodes: 9, values: { accuracy: mean, selfCorrections: seed - 1, selfCorrectionAttempts: seed } },
      { step: 60, episodes: 11, values: {} },
    ];
    writeFileSync(join(run, "metrics.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  }
  const runs = [runOf("retool-scored", 1), runOf("retool-scored", 2)];

  test("takes each seed's last score, and says of an arm that was not run that it was not", () => {
    const rows = tableOf([1, 2], runOf);
    const retool = rows.find(({ title }) => title === "ReTool");
    expect(retool?.cells["MiniAIME-24"]?.accuracy.mean).toBeCloseTo(0.75, 12);
    expect(rows.find(({ title }) => title === "text-only RL")?.cells).toEqual({});
    expect(tableText(rows)).toContain("| ReTool | 0.750 ");
    expect(tableText(rows)).toContain("| text-only RL | not run |");
  });

  test("reads what training showed", () => {
    expect(accuracyAt(runs, 50)).toEqual([0.5, 1]);
    expect(accuracyAt(runs, 40)).toEqual([null, null]);
    expect(selfCorrections(runs)).toEqual([
      { total: 0, first: null },
      { total: 1, first: 50 },
    ]);
    expect(correctionsByThird(runs)).toEqual([
      { attempted: 4, succeeded: 0 },
      { attempted: 6, succeeded: 0 },
      { attempted: 3, succeeded: 1 },
    ]);
  });
});
