/**
 * A run as one page that stands alone, offline, and reads like a small paper: what was asked, the setting, the curves,
 * the result with intervals, three episodes, and the command that makes it again.
 */
import { makeConfig } from "../config/presets";
import { differingKeys, flatten, settings } from "../config/settings";
import type { EvaluationReport } from "../core/evaluation";
import { metrics, type MetricRow } from "../core/metrics";
import { escapeMarkup, formatValue } from "./format";
import { colours, drawFigure3, drawFigures, metricChart } from "./report-charts";
import { drawEpisode } from "./report-episode";
import { drawResult, mainSet } from "./report-result";
import { reportStyle } from "./report-style";
import type { Examples, RunRecord } from "./run-record";
import type { Chart, ChartSeries } from "./svg-chart";

export interface Report {
  run: RunRecord;
  rows: readonly MetricRow[];
  evaluations: readonly EvaluationReport[];
  examples: Examples;
}

function accuracyChart({ rows, evaluations }: Report): Chart {
  const main = mainSet(evaluations);
  const series = (label: string, which: "accuracy" | "accuracyByCode", colour: string): ChartSeries => ({
    label,
    colour,
    dots: true,
    points: main.map(({ step, all }) => [step, all[which].mean]),
    band: main.flatMap(({ step, all }) => {
      const { bounds } = all[which];
      return bounds ? [[step, bounds[0], bounds[1]] as const] : [];
    }),
  });
  return {
    ...metricChart(rows, "accuracy"),
    description: `${metrics.accuracy.formula}; the band is a 95 % interval over problems`,
    series: [series("right", "accuracy", colours.blue), series("right by code", "accuracyByCode", colours.orange)],
    marks: rows.filter((row) => (row.values.selfCorrections ?? 0) > 0).map((row) => row.step),
  };
}

function drawCharts(report: Report): string {
  const { rows } = report;
  const charts = [
    accuracyChart(report),
    metricChart(rows, "reward"),
    metricChart(rows, "codeRatio"),
    metricChart(rows, "responseLength", "responseLengthWithInterpreter"),
    metricChart(rows, "codePassRate"),
    metricChart(rows, "invocationTiming"),
    metricChart(rows, "entropy"),
  ];
  const note = "Triangles on the first chart are steps with a self-correction; the dotted line is the first of them.";
  return `<h2>Curves</h2><p class="soft">${note}</p>${drawFigures(charts)}`;
}

const row = (cells: readonly string[], attributes = ""): string =>
  `<tr${attributes}>${cells.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join("")}</tr>`;

function drawSettings({ run }: Report): string {
  const changed = new Set(differingKeys(run.config, makeConfig(run.config.preset)));
  const values = flatten(run.config);
  const lines = settings.map(({ key, unit, why }) =>
    row([key, `${values[key]} ${unit}`.trim(), why], changed.has(key) ? ' class="changed"' : ""),
  );
  const { backend } = run;
  const machine = backend
    ? `${backend.name}, ${backend.adapter}, ${backend.threads} threads. ${backend.reason}`
    : "none";
  const versions = Object.entries(run.versions).map(([name, version]) => `${name} ${version}`);
  return [
    "<h2>Setting</h2>",
    `<p>${escapeMarkup(`${run.parameters.toLocaleString("en")} parameters from ${run.checkpoint || "no checkpoint"}.`)}</p>`,
    `<p>${escapeMarkup(`Backend: ${machine}`)}</p>`,
    `<details><summary>All settings (what differs from the preset ${run.config.preset} is bold)</summary>`,
    `<table><thead><tr><th>setting</th><th>value</th><th>why</th></tr></thead><tbody>${lines.join("")}</tbody></table>`,
    `</details><details><summary>Versions</summary><p>${escapeMarkup(versions.join(", "))}</p></details>`,
  ].join("\n");
}

function drawEpisodes({ examples }: Report): string {
  const { success, selfCorrection, failure } = examples;
  const found = [
    success && drawEpisode("A plain success", success),
    selfCorrection && drawEpisode("A self-correction: the snippet failed, the policy wrote another", selfCorrection),
    failure && drawEpisode("A failure", failure),
  ].filter((block) => block !== null);
  const missing = selfCorrection ? "" : '<p class="soft">No self-correction was recorded in this run.</p>';
  return found.length > 0 ? `<h2>Episodes</h2>${found.join("\n")}${missing}` : "";
}

function drawLead({ run, evaluations }: Report): string {
  const main = mainSet(evaluations);
  const [first, last] = [main.at(0), main.at(-1)];
  const change =
    first && last && last.step > first.step
      ? `Accuracy on MiniAIME-24 went from ${formatValue(first.all.accuracy.mean, "share")} to ${formatValue(last.all.accuracy.mean, "share")}.`
      : "";
  const how = {
    running: `It had done ${run.end.step} of ${run.config.steps} steps when this was written.`,
    finished: `It finished after ${run.end.step} steps and ${run.end.episodes} episodes.`,
    interrupted: `It was stopped by hand after ${run.end.step} of ${run.config.steps} steps; what had been recorded is here.`,
    failed: `It ended early, after ${run.end.step} of ${run.config.steps} steps; what had been recorded is here.`,
  }[run.outcome];
  const fault = run.fault
    ? `<p class="failed">${escapeMarkup(run.fault.message)} ${escapeMarkup(run.fault.hint)}</p>`
    : "";
  return [
    `<h1>ReTool Lab: ${escapeMarkup(run.config.preset)}, seed ${run.config.seed}</h1>`,
    `<p class="soft">${escapeMarkup(run.start.time)} to ${escapeMarkup(run.end.time)}</p>`,
    "<p class='lead'>Can a small language model find out, from nothing but right or wrong, when and how to write Python?",
    ` ${escapeMarkup(`${how} ${change}`)}</p>`,
    fault,
  ].join("\n");
}

/** The whole report as HTML that needs nothing else. */
export function makeReport(report: Report): string {
  const title = `ReTool Lab: ${report.run.config.preset}, seed ${report.run.config.seed}`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeMarkup(title)}</title><style>${reportStyle}</style></head><body>`,
    drawLead(report),
    drawResult(report.evaluations, report.rows),
    drawCharts(report),
    drawFigure3(report.rows),
    drawEpisodes(report),
    drawSettings(report),
    `<h2>Command</h2><pre class="command">${escapeMarkup(report.run.command)}</pre>`,
    "</body></html>\n",
  ].join("\n");
}
