import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { makeConfig } from "../config/presets";
import type { ConfigOverrides } from "../config/schema";
import { type ComparedRun, differences, groupRuns, scoreOf, seriesOf, unfairnesses } from "./comparison";
import { readBundle, readRuns, writeBundle } from "./comparison-files";
import { comparisonPicture } from "./comparison-figures";
import { evaluation } from "./fixture";

/** A report in which every problem has that share of right samples. */
function scored(share: number): ReturnType<typeof evaluation> {
  const report = evaluation({ step: 1, mean: share });
  return { ...report, problems: report.problems.map((problem) => ({ ...problem, right: share * problem.samples })) };
}

const plain = (seed: number, change: ConfigOverrides = {}, values: readonly number[] = [0.25, 0.5]): ComparedRun => ({
  id: `${seed} ${JSON.stringify(change)}`,
  name: "a run",
  config: makeConfig("spark", { ...change, seed }),
  checkpoint: "cold-start/spark",
  backend: "wasm",
  rows: values.map((accuracy, step) => ({ step, episodes: 64 * step, values: { accuracy, evaluationCodeRatio: 0.5 } })),
  evaluations: [scored(values.at(-1) ?? 0)],
});

describe("groups", () => {
  property.prop([
    fc.uniqueArray(fc.nat({ max: 99 }), { minLength: 1, maxLength: 6 }),
    fc.uniqueArray(fc.constantFrom("ppo", "grpo", "rloo"), { minLength: 1 }),
  ])("are the runs that differ in nothing but the seed", (seeds, algorithms) => {
    const runs = seeds.flatMap((seed) => algorithms.map((algorithm) => plain(seed, { learn: { algorithm } })));
    const groups = groupRuns(runs);
    expect(groups.map((group) => group.runs.map(({ config }) => config.seed))).toEqual(algorithms.map(() => seeds));
    expect(groups.flatMap((group) => group.runs)).toHaveLength(runs.length);
  });

  test("differ in what their configurations differ in, the cold start's making last", () => {
    const groups = groupRuns([plain(1), plain(2, { steps: 7, coldStart: { steps: 9 }, rollout: { tool: "off" } })]);
    expect(differences(groups).map(({ label, values }) => [label.en, ...values])).toEqual([
      ["steps", "125", "7"],
      ["tool", "on", "off"],
      ["cold-start steps", "1100", "9"],
    ]);
    expect(differences(groupRuns([plain(1), plain(2)]))).toEqual([]);
  });

  test("another start or another backend is another group", () => {
    const runs = [plain(1), { ...plain(2), checkpoint: "mine" }, { ...plain(3), backend: "webgpu" }];
    expect(groupRuns(runs)).toHaveLength(3);
    expect(differences(groupRuns(runs)).map(({ label }) => label.en)).toEqual(["checkpoint", "backend in use"]);
  });
});

describe("fairness", () => {
  test("is doubted where seeds, steps, samples or backends differ, or where one seed stands alone", () => {
    const other = { rollout: { tool: "off" } } as const;
    const fair = groupRuns([plain(1), plain(2), plain(1, other), plain(2, other)]);
    expect(unfairnesses(fair)).toEqual([]);
    expect(unfairnesses(groupRuns([plain(1), plain(2), plain(1, other), plain(3, other)]))).toEqual(["seeds"]);
    expect(unfairnesses(groupRuns([plain(1), plain(1, other, [0.1, 0.2, 0.3])]))).toEqual(["steps", "one-seed"]);
    expect(unfairnesses(groupRuns([plain(1), plain(1, { evaluation: { samples: 32 } })]))).toContain("samples");
    expect(unfairnesses(groupRuns([plain(1), { ...plain(1), backend: "webgpu" }]))).toContain("backend");
    expect(unfairnesses(groupRuns([plain(1)]))).toEqual([]);
  });
});

describe("numbers", () => {
  test("are means over the seeds, with an interval and a band", () => {
    const [group] = groupRuns([plain(1, {}, [0.2, 0.4]), plain(2, {}, [0.4, 0.8])]);
    const { scores, codeRatio, steps, episodes } = scoreOf(group);
    expect(scores["MiniAIME-24"]?.accuracy.mean).toBeCloseTo(0.6, 12);
    expect([codeRatio, steps, episodes]).toEqual([0.5, 1, 128]);
    const { points, band } = seriesOf(group, "accuracy", { colour: "red" });
    expect(points.map(([step, value]) => [step, value.toFixed(3)])).toEqual([
      [0, "0.300"],
      [1, "0.600"],
    ]);
    expect(band).toEqual([
      [0, 0.2, 0.4],
      [1, 0.4, 0.8],
    ]);
  });

  test("a step that not all seeds have reached is not drawn", () => {
    const [group] = groupRuns([plain(1, {}, [0.2, 0.4, 0.6]), plain(2, {}, [0.4, 0.8])]);
    expect(seriesOf(group, "accuracy", { colour: "red" }).points.map(([step]) => step)).toEqual([0, 1]);
  });

  test("the same runs give the same picture, with every name escaped", () => {
    const groups = groupRuns([{ ...plain(1), name: "<b>&" }]);
    expect(comparisonPicture(groups, ["accuracy"])).toBe(comparisonPicture(groups, ["accuracy"]));
    expect(comparisonPicture(groups, ["accuracy"])).not.toContain("<b>");
  });
});

describe("files", () => {
  const record = JSON.stringify({
    config: makeConfig("spark", { seed: 3 }),
    checkpoint: "x",
    backend: { name: "wasm" },
  });
  const line = JSON.stringify({ step: 1, episodes: 64, values: { accuracy: 0.5, gone: 1 } });
  const file = (path: string, text: string) => ({ path, text });

  test("a folder of runs is read, one run a folder, and what is no run is left alone", () => {
    const runs = readRuns([
      file("paper/retool/seed-3/run.json", record),
      file("paper/retool/seed-3/metrics.jsonl", `${line}\n`),
      file("paper/text/seed-3/run.json", record),
      file("paper/text/seed-3/metrics.jsonl", line),
      file("paper/text/seed-3/evaluations.jsonl", JSON.stringify(evaluation({ step: 1, mean: 1 }))),
      file("paper/README.md", "no run"),
    ]);
    expect(
      runs.map(({ name, config, rows, evaluations }) => [name, config.seed, rows.length, evaluations.length]),
    ).toEqual([
      ["retool", 3, 1, 0],
      ["text", 3, 1, 1],
    ]);
    expect(runs[0].rows[0].values).toEqual({ accuracy: 0.5 });
    const told = writeBundle(runs, { command: "c" });
    const back = readBundle({ path: "b", text: told });
    expect(back.map((run) => ({ ...run, id: "" }))).toEqual(runs.map((run) => ({ ...run, id: "" })));
  });

  test.each([
    [[file("a.txt", "")], "a.txt: there is no run in it."],
    [[file("r/run.json", record)], "r: metrics.jsonl is missing."],
    [[file("r/metrics.jsonl", line)], "r: run.json is missing."],
    [[file("r/run.json", "{"), file("r/metrics.jsonl", line)], "r/run.json: this is not JSON."],
    [[file("r/run.json", "{}"), file("r/metrics.jsonl", line)], "r/run.json: config"],
    [[file("r/run.json", record), file("r/metrics.jsonl", `${line}\n{"step":"x"}`)], "r/metrics.jsonl, line 2: step"],
  ])("refuses %j by name", (files, message) => {
    expect(() => readRuns(files)).toThrow(message);
  });
});
