import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import type { Sample } from "./host";
import { type BenchReport, type Match, type Measurement, median, ratioToOurs, tokensPerSecond } from "./report";
import type { SubjectName } from "./subject";
import { benchCells, benchRows, benchWorks, shortNumber } from "./table";

const counts = {
  dispatches: 48,
  submits: 4,
  writes: 0,
  newBuffers: 0,
  newBindGroups: 0,
  newPipelines: 0,
  readbacks: 4,
};

const sampleOf = (milliseconds: number): Sample => ({
  milliseconds,
  preparing: milliseconds / 200,
  encoding: milliseconds / 100,
  untilFree: milliseconds / 50,
  counts,
});

function measured(subject: SubjectName, what: Measurement["what"], milliseconds: number[]): Measurement {
  return { subject, what, first: 10 * milliseconds[0], samples: milliseconds.map(sampleOf) };
}

const train = { kind: "train" } as const;
const decode = (rows: number): Measurement["what"] => ({ kind: "decode", rows });

function reportOf(measurements: Measurement[]): BenchReport {
  const match: Match = {
    backend: "webgpu",
    size: "spark",
    oracleLosses: [],
    parities: [],
    measurements,
    footprints: [],
  };
  const plan = {
    backends: ["webgpu" as const],
    sizes: ["spark" as const],
    subjects: ["ours" as const, "tfjs" as const],
    rows: [64],
    rounds: 3,
    tokens: 16,
    patience: null,
    soakSteps: 0,
  };
  return { version: 2, plan, matches: [match], soaks: [] };
}

describe("the median", () => {
  property.prop([fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 })])(
    "has as many values below it as above",
    (values) => {
      const middle = median(values);
      const below = values.filter((value) => value < middle).length;
      const above = values.filter((value) => value > middle).length;
      expect(below).toBeLessThanOrEqual(values.length / 2);
      expect(above).toBeLessThanOrEqual(values.length / 2);
    },
  );
  test("of nothing is refused", () => expect(() => median([])).toThrow(RangeError));
});

describe("the ratio to the lab's engine", () => {
  test("is taken round by round, so that a machine that slows down does not change it", () => {
    const ours = measured("ours", train, [1, 2, 40]);
    const tfjs = measured("tfjs", train, [10, 20, 400]);
    const report = reportOf([ours, tfjs]);
    expect(ratioToOurs(report.matches[0], tfjs)).toBe(10);
    expect(ratioToOurs(report.matches[0], ours)).toBe(1);
  });

  test("takes only the rounds that both have, and is none without a partner of the same work", () => {
    const few = measured("tfjs", decode(64), [30]);
    const report = reportOf([measured("ours", decode(64), [10, 1, 1]), measured("ours", decode(256), [1]), few]);
    expect(ratioToOurs(report.matches[0], few)).toBe(3);
    expect(ratioToOurs(report.matches[0], measured("tfjs", decode(8), [1]))).toBeNull();
    expect(ratioToOurs(report.matches[0], measured("tfjs", train, [1]))).toBeNull();
  });
});

describe("rows for people", () => {
  test("say tokens a second for all rows together, and counts for one token", () => {
    const [row] = benchRows(reportOf([measured("ours", decode(64), [500])]));
    expect(tokensPerSecond(measured("ours", decode(64), [500]), 16)).toBe((64 * 16) / 0.5);
    expect(row).toMatchObject({ tokensPerSecond: 2048, dispatches: 3, submits: 0.25, first: 5000, samples: 1 });
    expect(benchRows(reportOf([measured("ours", train, [500])]))[0]).toMatchObject({
      dispatches: 48,
      tokensPerSecond: null,
      gigaflops: null,
    });
  });

  test("say what JavaScript took, and nothing where nobody encodes commands", () => {
    const measurement = measured("ours", train, [400, 600, 1000]);
    const [row] = benchRows(reportOf([measurement]));
    expect(row).toMatchObject({ preparing: 3, encoding: 6, untilFree: 12 });
    expect(benchRows(reportOf([measured("ours", decode(64), [600])]))[0]).toMatchObject({
      preparing: null,
      encoding: 6,
    });
    const samples = measurement.samples.map((sample) => ({ ...sample, preparing: null, encoding: null }));
    const [wasm] = benchRows(reportOf([{ ...measurement, samples }]));
    expect([wasm.preparing, wasm.encoding]).toEqual([null, null]);
    expect(benchCells(reportOf([{ ...measurement, samples }]))[1]).toContain("-");
  });

  test("leave out what has no sample, and put together what may be compared", () => {
    const empty = measured("jax-js", train, [1]);
    empty.samples = [];
    const report = reportOf([
      measured("ours", train, [1]),
      measured("ours", decode(64), [1]),
      measured("tfjs", train, [9]),
      empty,
    ]);
    expect(benchRows(report)).toHaveLength(3);
    expect(benchWorks(report).map((rows) => rows.map(({ subject }) => subject))).toEqual([["ours", "tfjs"], ["ours"]]);
    const cells = benchCells(report);
    expect(cells).toHaveLength(4);
    for (const line of cells) expect(line).toHaveLength(cells[0].length);
  });

  test.each([
    [0, "0"],
    [0.01234, "0.0123"],
    [9.999, "10"],
    [123.4, "123"],
    [12345.6, "12346"],
  ])("%d reads %s", (value, text) => expect(shortNumber(value)).toBe(text));
});
