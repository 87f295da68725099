import { describe, expect, test } from "vitest";
import { type Chart, lineChart, niceTicks } from "./svg-chart";

const chart: Chart = {
  title: "reward <mean>",
  description: "mean of +1 & -1",
  unit: "reward",
  range: [-1, 1],
  xLabel: "step",
  series: [
    {
      label: "reward",
      colour: "#123456",
      points: [
        [0, -1],
        [5, Number.NaN],
        [10, 1],
      ],
    },
  ],
};

describe("lineChart", () => {
  test("spans the frame from corner to corner and skips what is not a number", () => {
    expect(lineChart(chart)).toContain('d="M54 176L348 30"');
  });

  test("has a title and a description for readers, escaped", () => {
    const svg = lineChart(chart);
    expect(svg).toContain("<title>reward &lt;mean&gt;</title>");
    expect(svg).toContain("<desc>mean of +1 &amp; -1</desc>");
  });

  test("draws a legend only where there is a choice, dashes, bands and marks where asked", () => {
    const twin = { ...chart.series[0], label: "twin", dashed: true, band: [[0, -1, 0] as const, [10, 0, 1] as const] };
    const svg = lineChart({ ...chart, series: [chart.series[0], twin], marks: [5] });
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(2);
    expect(svg).toContain(">twin</text>");
    expect(svg).toContain('<polygon points="54,103 348,30 348,103 54,176"');
    expect(svg).toContain("<title>step 5</title>");
    expect(svg.match(/class="mark-line" d="M201 30V176"/g)).toHaveLength(1);
    expect(lineChart(chart)).not.toContain(">reward</text>");
  });

  test("stays a picture with no points, with one, and with equal ones", () => {
    const of = (points: [number, number][]): string =>
      lineChart({ ...chart, range: undefined, series: [{ ...chart.series[0], points }] });
    for (const points of [
      [],
      [[3, 2]],
      [
        [0, 0],
        [1, 0],
      ],
    ] satisfies [number, number][][]) {
      expect(of(points)).not.toMatch(/NaN|Infinity/);
    }
    expect(of([[3, 2]])).toContain("<circle");
  });
});

describe("niceTicks", () => {
  test.each([
    [0, 1, [0, 0.5, 1]],
    [-1, 1, [-1, -0.5, 0, 0.5, 1]],
    [0, 125, [0, 50, 100]],
    [3, 3, [3]],
  ])("%d to %d", (low, high, ticks) => expect(niceTicks(low, high, 4)).toEqual(ticks));
});
