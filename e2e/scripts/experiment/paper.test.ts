import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { EvaluationReport } from "../../../src/core/evaluation";
import { corrected, evaluation, makeEpisode } from "../../../src/storage/fixture";
import { benchmarks } from "../../../src/tasks/benchmarks";
import { readPaperArguments } from "./paper";
import { arms, tableRows } from "./paper-arms";
import { keepEpisodes } from "./paper-episodes";
import { folderOf, missingRuns, runsOf } from "./paper-runs";
import { accuracyAt, correctionsByThird, passText, selfCorrections, tableOf, tableText } from "./paper-table";

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

  test("has the paper's 32 samples and three seeds, and goes to the repository's results, unless told otherwise", () => {
    expect(read("")).toMatchObject({ out: "e2e/experiments/results/paper" });
    expect(read("--out x")).toMatchObject({ seeds: [1, 2, 3], samples: 32, steps: 125, arms, build: true });
    expect(read("--out x --seeds 7 --steps 3 --arms text,retool --no-build")).toMatchObject({
      seeds: [7],
      steps: 3,
      arms: [{ name: "retool" }, { name: "text" }],
      build: false,
    });
  });

  test.each([
    ["--out x --seeds 1,", '--seeds has ""'],
    ["--out x --seeds 1,1", "names a seed twice"],
    ["--out x --steps 0", '--steps has "0"'],
    ["--out x --arms retol", '--arms has "retol"'],
    ["--out x --seed 1", "--seed is not a flag"],
  ])("refuses %s by name", (line, message) => {
    expect(() => read(line)).toThrow(message);
  });
});

describe("going on where it was stopped", () => {
  const out = join(folder, "resumed");
  const chosen = arms.filter(({ name }) => ["retool", "retool-scored", "retool-without-tool"].includes(name));
  const options = { seeds: [1, 2], steps: 4, samples: 2, arms: chosen, out };
  const runs = runsOf(options);
  const names = (list: typeof runs): string[] => list.map(({ arm, seed }) => `${arm.name}/${seed}`);
  const keep = (arm: string, seed: number, text: string): void => {
    const own = folderOf(out, arm, seed);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "run.json"), text);
  };
  const finish = (arm: string, seed: number): void => {
    const run = runs.find((one) => one.arm.name === arm && one.seed === seed);
    keep(arm, seed, JSON.stringify({ outcome: "finished", config: run?.config }));
  };

  test("nothing stands at first, and each comes after what it begins from", () => {
    expect(names(missingRuns(runs))).toEqual(names(runs));
    expect(runs[2].checkpoint).toBe(join(runs[0].folder, "checkpoint"));
  });

  test("what is finished stands, but a training run whose checkpoint another begins from and that is not there", () => {
    for (const [arm, seed] of [
      ["retool", 1],
      ["retool", 2],
      ["retool-scored", 1],
      ["retool-scored", 2],
      ["retool-without-tool", 1],
    ] as const)
      finish(arm, seed);
    expect(names(missingRuns(runs))).toEqual(["retool/2", "retool-without-tool/2"]);
    mkdirSync(join(folderOf(out, "retool", 2), "checkpoint"));
    expect(names(missingRuns(runs))).toEqual(["retool-without-tool/2"]);
  });

  test("a run that was killed while it wrote itself down is run again", () => {
    keep("retool-scored", 1, '{ "outcome": "fin');
    keep("retool-scored", 2, JSON.stringify({ outcome: "interrupted" }));
    expect(names(missingRuns(runs))).toEqual([
      "retool/1",
      "retool-scored/1",
      "retool-scored/2",
      "retool-without-tool/2",
    ]);
  });

  test("a run that stands with other settings is named, with the setting", () => {
    expect(() => missingRuns(runsOf({ ...options, steps: 5 }))).toThrow(
      /retool, seed 1, stands in .* with other settings: steps\./,
    );
    keep("retool", 1, JSON.stringify({ outcome: "finished", config: { preset: "of another lab" } }));
    expect(() => missingRuns(runs)).toThrow(/retool, seed 1, stands in .* with other settings\./);
  });

  test("a score stands no longer where what it was a score of is made anew", () => {
    for (const arm of ["retool-scored", "retool-without-tool"]) for (const seed of [1, 2]) finish(arm, seed);
    rmSync(folderOf(out, "retool", 1), { recursive: true });
    expect(names(missingRuns(runs))).toEqual(["retool/1", "retool-scored/1", "retool-without-tool/1"]);
    finish("retool", 1);
    expect(names(missingRuns(runs))).toEqual([]);
  });

  test("what an arm begins from has to be there, or among the arms", () => {
    const alone = runsOf({ ...options, seeds: [3], arms: chosen.slice(1) });
    expect(() => missingRuns(alone)).toThrow(/retool-scored, seed 3, begins from what retool leaves/);
  });

  test("self-corrections of training and first answers of one seed are kept, also when the runs are gone", () => {
    const lines = (...episodes: object[]): string => episodes.map((one) => `${JSON.stringify(one)}\n`).join("");
    const first = makeEpisode({ id: "evaluation/0/0/0", purpose: "evaluation", set: "MiniAIME-24" });
    const second = { ...first, id: "evaluation/0/0/1", sample: 1 };
    for (const seed of [1, 2]) {
      writeFileSync(join(folderOf(out, "retool", seed), "episodes.jsonl"), lines(makeEpisode(), corrected, first));
      writeFileSync(join(folderOf(out, "retool-scored", seed), "episodes.jsonl"), lines(first, second));
    }
    const kept = (own: Partial<typeof options> = {}): string[] => {
      keepEpisodes({ ...options, ...own });
      return readFileSync(join(out, "episodes.jsonl"), "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => {
          const { arm, seed, why, id } = JSON.parse(line) as Record<string, string>;
          return `${arm}/${seed} ${why} ${id}`;
        });
    };
    const found = kept();
    expect(found).toEqual([
      `retool/1 self-correction ${corrected.id}`,
      `retool/2 self-correction ${corrected.id}`,
      `retool-scored/1 first answer ${first.id}`,
    ]);
    rmSync(join(folderOf(out, "retool", 2), "episodes.jsonl"));
    expect(kept()).toEqual(found);
    expect(kept({ seeds: [3], arms: chosen.slice(0, 1) })).toEqual(found);
  });
});

/** A report in which that share of two samples of every problem is right. */
function scored(step: number, share: number): EvaluationReport {
  const problems = benchmarks["MiniAIME-24"].map((problem) => ({
    ...problem,
    samples: 2,
    right: 2 * share,
    byCode: 0,
  }));
  return { ...evaluation({ step, mean: share }), problems };
}

describe("the table", () => {
  for (const [seed, mean] of [
    [1, 0.5],
    [2, 1],
  ]) {
    const run = folderOf(folder, "retool-scored", seed);
    mkdirSync(run, { recursive: true });
    const lines = [scored(0, 0), scored(50, mean)];
    writeFileSync(join(run, "evaluations.jsonl"), lines.map((report) => `${JSON.stringify(report)}\n`).join(""));
    const rows = [
      { step: 0, episodes: 0, values: { accuracy: 0.3 } },
      { step: 20, episodes: 4, values: { selfCorrectionAttempts: 2 } },
      { step: 21, episodes: 5, values: { selfCorrectionAttempts: 3 } },
      { step: 50, episodes: 9, values: { selfCorrections: seed - 1, selfCorrectionAttempts: seed } },
      { step: 60, episodes: 11, values: {} },
    ];
    writeFileSync(join(run, "metrics.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  }
  const runs = [folderOf(folder, "retool-scored", 1), folderOf(folder, "retool-scored", 2)];

  test("takes each seed's last score, and says of an arm that was not run that it was not", () => {
    const rows = tableOf([1, 2], folder);
    const retool = rows.find(({ title }) => title === "ReTool");
    expect(retool?.cells["MiniAIME-24"]?.accuracy.mean).toBeCloseTo(0.75, 12);
    expect(rows.find(({ title }) => title === "text-only RL")?.cells).toEqual({});
    expect(tableText(rows)).toContain("| ReTool | 0.750 ");
    expect(tableText(rows)).toContain("| text-only RL | not run |");
    expect(passText(rows)).toContain("| ReTool | 0.750 ");
    expect(passText(rows)).not.toContain("text-only RL");
  });

  test("shows an outside model where the paper shows o1-preview, once one was asked", () => {
    expect(tableOf([1], folder).at(-1)).toMatchObject({ title: "o1-preview", cells: {} });
    const asked = join(folder, "outside");
    mkdirSync(asked);
    writeFileSync(join(asked, "run.json"), JSON.stringify({ model: "some-model" }));
    const whole = scored(0, 0.5);
    const brokenOff = { ...whole, problems: whole.problems.slice(0, 2) };
    const answered = (...reports: object[]): void =>
      writeFileSync(join(asked, "evaluations.jsonl"), reports.map((one) => `${JSON.stringify(one)}\n`).join(""));
    answered(brokenOff);
    expect(tableOf([1], folder).at(-1)?.cells).toEqual({});
    answered(whole);
    const row = tableOf([1], folder).at(-1);
    expect(row?.title).toBe("some-model, in text, one interview (the paper: o1-preview)");
    expect(row?.cells["MiniAIME-24"]?.accuracy.mean).toBe(0.5);
  });

  test("reads what a killed run left, but for the line that it did not end", () => {
    const run = folderOf(folder, "retool-scored", 1);
    appendFileSync(join(run, "evaluations.jsonl"), '{"set": "MiniA');
    appendFileSync(join(run, "metrics.jsonl"), '{"step": 6');
    expect(tableOf([1, 2], folder).find(({ title }) => title === "ReTool")?.passAtK).toHaveLength(1);
  });

  test("reads what training showed", () => {
    expect(accuracyAt(runs, 50)).toMatchObject({ each: [0.5, 1], all: { mean: 0.75 } });
    expect(accuracyAt(runs, 40)).toBeNull();
    expect(selfCorrections([join(folder, "never")])).toEqual([null]);
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
