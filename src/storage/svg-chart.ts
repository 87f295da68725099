/** A line chart as one SVG string: no script, no fonts of its own, readable in print and without colour. */
import type { MetricUnit } from "../core/metrics";
import { escapeMarkup, formatValue } from "./format";

export interface ChartSeries {
  label: string;
  /** A CSS colour. */
  colour: string;
  dashed?: boolean;
  /** Few, far-apart points are drawn as dots too. */
  dots?: boolean;
  /** [x, y], in the order of x. Points that are not finite are left out. */
  points: readonly (readonly [x: number, y: number])[];
  /** [x, low, high]: an uncertainty around the line. */
  band?: readonly (readonly [x: number, low: number, high: number])[];
}

export interface Chart {
  title: string;
  /** What is drawn, for readers that cannot see it. */
  description: string;
  unit: MetricUnit;
  /** Fixed axis; else it spans the values. */
  range?: readonly [number, number];
  xLabel: string;
  series: readonly ChartSeries[];
  /** Without names above it: they are told elsewhere. */
  nameless?: boolean;
  /** Moments on the x axis, such as self-corrections. */
  marks?: readonly number[];
}

const size = { width: 360, height: 210, left: 54, right: 12, top: 30, bottom: 34 };

/** Round numbers (1, 2 or 5 times a power of ten) that cover `low` to `high` in about `count` steps. */
export function niceTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function extent(values: readonly number[], fixed?: readonly [number, number]): [number, number] {
  if (fixed) return [fixed[0], fixed[1]];
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const margin = high > low ? 0.06 * (high - low) : Math.abs(high) * 0.1 || 1;
  return [low - margin, high + margin];
}

const number = (value: number): string => String(Number(value.toFixed(1)));

interface Scales {
  x: (value: number) => string;
  y: (value: number) => string;
}

function drawSeries({ points, colour, dashed, dots, band }: ChartSeries, { x, y }: Scales): string {
  const finite = points.filter(([, value]) => Number.isFinite(value));
  const path = finite.map(([at, value], i) => `${i === 0 ? "M" : "L"}${x(at)} ${y(value)}`).join("");
  const around = band ?? [];
  const outline = [
    ...around.map(([at, , high]) => `${x(at)},${y(high)}`),
    ...around.toReversed().map(([at, low]) => `${x(at)},${y(low)}`),
  ];
  const dash = dashed ? ' stroke-dasharray="5 4"' : "";
  const circles = finite.map(([at, value]) => `<circle cx="${x(at)}" cy="${y(value)}" r="2.4" fill="${colour}"/>`);
  return [
    outline.length > 0 ? `<polygon points="${outline.join(" ")}" fill="${colour}" fill-opacity="0.14"/>` : "",
    finite.length > 0 ? `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.8"${dash}/>` : "",
    dots || finite.length === 1 ? circles.join("") : "",
  ].join("");
}

function drawAxes(chart: Chart, xs: [number, number], ys: [number, number], { x, y }: Scales): string {
  const right = size.width - size.right;
  const bottom = size.height - size.bottom;
  const rows = niceTicks(ys[0], ys[1], 4).map((tick) => {
    const label = escapeMarkup(formatValue(tick, chart.unit).replace(/\.0(?=$| )/, ""));
    const line = `<line x1="${size.left}" x2="${right}" y1="${y(tick)}" y2="${y(tick)}" class="grid"/>`;
    return `${line}<text x="${size.left - 6}" y="${y(tick)}" dy="0.32em" text-anchor="end">${label}</text>`;
  });
  const columns = niceTicks(xs[0], xs[1], 5)
    .filter(Number.isInteger)
    .map((tick) => `<text x="${x(tick)}" y="${bottom + 14}" text-anchor="middle">${tick}</text>`);
  const label = `<text x="${right}" y="${bottom + 28}" text-anchor="end">${escapeMarkup(chart.xLabel)}</text>`;
  return [...rows, ...columns, label].join("");
}

/** More names than this do not fit above a chart; whoever draws so many says elsewhere which is which. */
export const mostNames = 4;

function drawLegend(series: readonly ChartSeries[]): string {
  if (series.length < 2 || series.length > mostNames) return "";
  let left = size.left;
  return series
    .map(({ label, colour, dashed }) => {
      const at = left;
      left += 34 + label.length * 5.6;
      const dash = dashed ? ' stroke-dasharray="5 4"' : "";
      const line = `<line x1="${at}" x2="${at + 16}" y1="24" y2="24" stroke="${colour}" stroke-width="1.8"${dash}/>`;
      return `${line}<text x="${at + 20}" y="24" dy="0.32em">${escapeMarkup(label)}</text>`;
    })
    .join("");
}

/** The chart as an `<svg>` element with a title and a description. */
export function lineChart(chart: Chart): string {
  const points = chart.series.flatMap((series) => series.points);
  const bands = chart.series.flatMap((series) => series.band ?? []);
  const steps = [...points.map(([at]) => at), ...(chart.marks ?? [])];
  const xs: [number, number] = steps.length > 0 ? [Math.min(...steps), Math.max(...steps)] : [0, 1];
  if (xs[1] === xs[0]) xs[1] = xs[0] + 1;
  const ys = extent(
    [...points.map(([, value]) => value), ...bands.flatMap(([, low, high]) => [low, high])],
    chart.range,
  );
  const width = size.width - size.left - size.right;
  const height = size.height - size.top - size.bottom;
  const scales: Scales = {
    x: (value) => number(size.left + (width * (value - xs[0])) / (xs[1] - xs[0])),
    y: (value) => number(size.top + height * (1 - (value - ys[0]) / (ys[1] - ys[0]))),
  };
  const base = size.height - size.bottom;
  const marks = (chart.marks ?? []).map(
    (at) => `<path class="mark" d="M${scales.x(at)} ${base - 8}l-3 8h6z"><title>step ${at}</title></path>`,
  );
  // The first is worth a line: one sees what was different before it.
  const first = Math.min(...(chart.marks ?? []));
  const firstMark = Number.isFinite(first)
    ? `<path class="mark-line" d="M${scales.x(first)} ${size.top}V${base}"/>`
    : "";
  return [
    `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" xmlns="http://www.w3.org/2000/svg">`,
    `<title>${escapeMarkup(chart.title)}</title><desc>${escapeMarkup(chart.description)}</desc>`,
    `<text x="0" y="11" class="title">${escapeMarkup(chart.title)}</text>`,
    chart.nameless ? "" : drawLegend(chart.series),
    drawAxes(chart, xs, ys, scales),
    chart.series.map((series) => drawSeries(series, scales)).join(""),
    firstMark,
    marks.join(""),
    "</svg>",
  ].join("");
}
