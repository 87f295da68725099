/** How a curve is drawn: uPlot's options, in the theme's colours. */
import uPlot from "uplot";
import type { MetricUnit } from "../core/metrics";
import { formatValue, type Language } from "./format";

export interface Curve {
  label: string;
  /** One value a step, null where none was measured. */
  values: readonly (number | null)[];
  color: "blue" | "teal" | "orange";
}

export interface ChartDrawing {
  unit: MetricUnit;
  range?: readonly [number, number];
  language: Language;
  /** Steps with self-corrections: ticks along the time axis, and a line at the first. */
  marks: readonly number[];
  /** Where the run began: a dashed line to compare with. */
  start: number | null;
}

const color = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The first self-correction: a line from top to bottom, so that one sees what was different before. */
function drawFirst(plot: uPlot, step: number): void {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(step, "x", true);
  ctx.save();
  ctx.strokeStyle = color("teal");
  ctx.lineWidth = uPlot.pxRatio;
  ctx.setLineDash([uPlot.pxRatio, 3 * uPlot.pxRatio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

/** The bent arrow's place on the time axis. */
function drawMarks(plot: uPlot, marks: readonly number[]): void {
  const { ctx, bbox } = plot;
  const scale = uPlot.pxRatio;
  const bottom = bbox.top + bbox.height;
  ctx.save();
  ctx.strokeStyle = color("teal");
  ctx.lineWidth = 1.5 * scale;
  ctx.beginPath();
  for (const step of marks) {
    const x = plot.valToPos(step, "x", true);
    ctx.moveTo(x, bottom);
    ctx.lineTo(x, bottom - 6 * scale);
  }
  ctx.stroke();
  ctx.restore();
}

function drawStart(plot: uPlot, start: number): void {
  const { ctx, bbox } = plot;
  const y = plot.valToPos(start, "y", true);
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  ctx.save();
  ctx.strokeStyle = color("edge");
  ctx.setLineDash([3 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/** Numbers beside the axis: short, without the unit that the title has. */
function axisValue(value: number, unit: MetricUnit, language: Language): string {
  if (unit === "share") return formatValue(value, "share", language).replace(" ", "");
  return value.toLocaleString(language, { maximumFractionDigits: 2 });
}

/** Options for a chart of `width` x `height` CSS pixels; `drawing` is read at each redraw, so it may change. */
export function chartOptions(
  size: { width: number; height: number },
  curves: readonly Curve[],
  drawing: () => ChartDrawing,
): uPlot.Options {
  const { unit, range, language } = drawing();
  const axis = {
    stroke: color("quiet"),
    font: "11px system-ui, sans-serif",
    grid: { stroke: color("line"), width: 1 },
    ticks: { show: false },
    gap: 3,
  };
  return {
    ...size,
    padding: [6, 8, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: "steps" }, drag: { x: false, y: false }, points: { size: 5 } },
    scales: {
      x: { time: false, range: (_, low, high) => [low, Math.max(high, low + 5)] },
      y: range
        ? { range: [range[0], range[1]] }
        : { range: (_, low, high) => uPlot.rangeNum(Math.min(0, low), high, 0.1, true) },
    },
    axes: [
      { ...axis, size: 18, space: 60 },
      {
        ...axis,
        size: 38,
        space: 26,
        values: (_, splits) => splits.map((value) => axisValue(value, unit, language)),
      },
    ],
    series: [
      {},
      ...curves.map((curve) => ({
        label: curve.label,
        stroke: color(curve.color),
        width: 1.75,
        spanGaps: true,
        // Few values are points on the way, many are a line.
        points: { show: (plot: uPlot) => plot.data[0].length < 40, size: 4 },
      })),
    ],
    hooks: {
      draw: [
        (plot) => {
          const { marks, start } = drawing();
          if (start !== null) drawStart(plot, start);
          drawMarks(plot, marks);
          if (marks.length > 0) drawFirst(plot, Math.min(...marks));
        },
      ],
    },
  };
}
