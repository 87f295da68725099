import { describe, expect, test } from "vitest";
import { episodesToJsonl, metricIds, metricsToCsv, metricsToJsonl } from "./export";
import { corrected, rows, wrong } from "./fixture";

describe("exports", () => {
  test("CSV has a column for every metric that occurs, in the registry's order, and gaps where it was not measured", () => {
    expect(metricsToCsv(rows)).toBe(
      [
        "step,episodes,reward,accuracy,codeRatio,selfCorrections",
        "0,0,,0.4,,",
        "1,64,-0.25,,0.5,1",
        "2,128,0.5,0.8,0.9,",
        "",
      ].join("\r\n"),
    );
  });

  test("CSV of no rows is its header", () => expect(metricsToCsv([])).toBe("step,episodes\r\n"));

  test("JSON Lines give back what went in", () => {
    const parse = (text: string): unknown[] =>
      text
        .trimEnd()
        .split("\n")
        .map((line): unknown => JSON.parse(line));
    expect(parse(metricsToJsonl(rows))).toEqual(rows);
    expect(parse(episodesToJsonl([corrected, wrong]))).toEqual([corrected, wrong]);
  });

  test("knows every metric of the registry", () => {
    expect(metricIds).toContain("samplerMismatch");
    expect(new Set(metricIds).size).toBe(metricIds.length);
  });
});
