/** A report's charts: a metric over the steps, and the paper's Figure 3. */
import { type Metric, type MetricId, metrics, type MetricRow } from "../core/metrics";
import { escapeMarkup } from "./format";
import { type Chart, type ChartSeries, lineChart } from "./svg-chart";

export const colours = { blue: "#1f5fbf", orange: "#b45f06" };

function metricSeries(rows: readonly MetricRow[], id: MetricId, colour = colours.blue): ChartSeries {
  const points = rows.flatMap((row) => {
    const value = row.values[id];
    return value === undefined ? [] : [[row.step, value] as const];
  });
  return { label: metrics[id].label.en, colour, points };
}

/** One metric, or two of one kind, over the steps. */
export function metricChart(rows: readonly MetricRow[], id: MetricId, second?: MetricId): Chart {
  const { label, formula, unit, ...rest } = metrics[id];
  return {
    title: label.en,
    description: formula,
    unit,
    range: "range" in rest ? rest.range : undefined,
    xLabel: "step",
    series: [metricSeries(rows, id), ...(second ? [metricSeries(rows, second, colours.orange)] : [])],
  };
}

/** The charts with their descriptions below them. */
export function drawFigures(charts: readonly Chart[]): string {
  const figures = charts.map(
    (chart) => `<figure>${lineChart(chart)}<figcaption>${escapeMarkup(chart.description)}.</figcaption></figure>`,
  );
  return `<div class="charts">${figures.join("\n")}</div>`;
}

interface Panel {
  id: MetricId;
  /** Where two curves share a panel: its name, the second one, and what tells them apart. */
  pair?: { title: string; second: MetricId; labels: readonly [string, string] };
}

/** The panels of the paper's Figure 3, in its order. */
const panels: readonly Panel[] = [
  {
    id: "evaluationResponseLength",
    pair: {
      title: "response length",
      second: "evaluationResponseLengthWithInterpreter",
      labels: ["the policy's own tokens", "with interpreter"],
    },
  },
  { id: "evaluationCodeRatio" },
  { id: "evaluationCodeLines" },
  { id: "evaluationCorrectCode" },
  {
    id: "evaluationPassRateRight",
    pair: { title: "last snippet ran", second: "evaluationPassRateWrong", labels: ["answer right", "answer wrong"] },
  },
  { id: "evaluationInvocationTiming" },
];

function drawPanel(rows: readonly MetricRow[], { id, pair }: Panel): Chart {
  const chart = metricChart(rows, id, pair?.second);
  const { paper }: Metric = metrics[id];
  return {
    ...chart,
    title: pair?.title ?? chart.title,
    description: `${chart.description}. ${paper?.en.replace(/\.$/, "") ?? ""}`,
    series: chart.series.map((series, place) => ({
      ...series,
      label: pair?.labels[place] ?? series.label,
      dots: true,
    })),
  };
}

/** The paper's Figure 3, measured at every evaluation, each panel with what the paper's curve does. */
export function drawFigure3(rows: readonly MetricRow[]): string {
  const evaluated = rows.filter(({ values }) => values.evaluationCodeRatio !== undefined);
  if (evaluated.length === 0) return "";
  const note =
    "The paper's Figure 3, measured on MiniAIME-24 at every evaluation; below each panel what the paper's did.";
  return `<h2>Figure 3</h2><p class="soft">${note}</p>${drawFigures(panels.map((panel) => drawPanel(evaluated, panel)))}`;
}
