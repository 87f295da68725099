/**
 * Draws finished runs over one another, as one picture, and says where each stood: `npm run curves`. The runs are
 * folders that `npm run experiment` left.
 */
import { existsSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { acrossSeeds } from "../../src/core/seeds";
import type { EvaluationReport, EvaluationSet } from "../../src/core/evaluation";
import { type Metric, metrics, type MetricId, type MetricRow } from "../../src/core/metrics";
import { type ChartSeries, lineChart, mostNames } from "../../src/storage/svg-chart";
import { linesOf } from "./experiment/lines";
import { said } from "./experiment/progress";

const help = `npm run curves -- --out PICTURE.svg RUN [RUN ...]

Draws accuracy, right by code, code ratio, code pass rate, reward and response length of the given runs over their
training episodes, marks the steps with self-corrections, and prints a table of where each run began and ended, and
each set's score over all runs with a 95 % bootstrap interval over problems and seeds.`;

/** Shown in this order, two in a row. */
const shown: MetricId[] = ["accuracy", "accuracyByCode", "codeRatio", "codePassRate", "reward", "responseLength"];

/** Told apart by colour-blind readers too (Okabe and Ito). */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555", "#b8a800"];

const panel = { width: 360, height: 210, gap: 24 };

const style = `text{font:11px system-ui,sans-serif;fill:#333}.title{font-weight:600;fill:#111}
.axis,.grid{stroke:#ddd}.mark{fill:#7b3fa0}.mark-line{stroke:#7b3fa0;stroke-dasharray:1 3}`;

interface Run {
  label: string;
  rows: MetricRow[];
  evaluations: EvaluationReport[];
}

function readRun(folder: string): Run {
  const file = join(folder, "metrics.jsonl");
  if (!existsSync(file))
    throw new Error(`${folder} holds no metrics.jsonl; name folders that npm run experiment left.`);
  const evaluations = linesOf<EvaluationReport>(join(folder, "evaluations.jsonl"));
  return { label: basename(folder), rows: linesOf<MetricRow>(file), evaluations };
}

function series(run: Run, metric: MetricId, colour: string): ChartSeries {
  const points = run.rows.flatMap(({ episodes, values }): [number, number][] => {
    const value = values[metric];
    return value === undefined ? [] : [[episodes, value]];
  });
  return { label: run.label, colour, dots: metric.startsWith("accuracy"), points };
}

function picture(runs: readonly Run[]): string {
  const marks = runs.flatMap(({ rows }) =>
    rows.filter(({ values }) => (values.selfCorrections ?? 0) > 0).map(({ episodes }) => episodes),
  );
  const panels = shown.map((metric, i) => {
    const { label, formula, unit, range }: Metric = metrics[metric];
    const chart = lineChart({
      title: label.en,
      description: `${label.en} of ${runs.length} runs: ${formula}`,
      unit,
      xLabel: "training episodes",
      series: runs.map((run, k) => series(run, metric, colours[k % colours.length])),
      range,
      ...(metric === "codePassRate" ? { marks } : {}),
    });
    const x = (i % 2) * (panel.width + panel.gap);
    const y = Math.floor(i / 2) * (panel.height + panel.gap);
    return chart.replace(
      "<svg ",
      `<svg overflow="visible" x="${x}" y="${y}" width="${panel.width}" height="${panel.height}" `,
    );
  });
  const named = runs.length > mostNames ? runs : [];
  const names = named.map(({ label }, k) => {
    const [x, y] = [(k % 3) * 250, Math.ceil(shown.length / 2) * (panel.height + panel.gap) + 16 * Math.floor(k / 3)];
    const line = `<line x1="${x}" x2="${x + 16}" y1="${y}" y2="${y}" stroke="${colours[k % colours.length]}" stroke-width="2"/>`;
    return `${line}<text x="${x + 22}" y="${y}" dy="0.32em">${label}</text>`;
  });
  panels.push(...names);
  const width = 2 * panel.width + panel.gap;
  const height = Math.ceil(shown.length / 2) * (panel.height + panel.gap) + 16 * Math.ceil(named.length / 3);
  const frame = `viewBox="-12 -12 ${width + 24} ${height + 12}" width="${width + 24}" height="${height + 12}"`;
  const paper = `<rect x="-12" y="-12" width="${width + 24}" height="${height + 12}" fill="#fff"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${frame}><style>${style}</style>${paper}${panels.join("")}</svg>\n`;
}

/** Where a run began and ended, as a row of a Markdown table. */
function tableRow({ label, rows }: Run): string {
  const scored = rows.filter(({ values }) => values.accuracy !== undefined);
  const [first, last] = [scored[0], scored.at(-1)];
  const cell = (row: MetricRow | undefined, metric: MetricId): string => (row?.values[metric] ?? Number.NaN).toFixed(3);
  const corrections = rows.reduce((sum, { values }) => sum + (values.selfCorrections ?? 0), 0);
  const cells = [
    label,
    last?.episodes ?? 0,
    cell(first, "accuracy"),
    cell(last, "accuracy"),
    cell(last, "accuracyByCode"),
    cell(last, "evaluationCodeRatio"),
    corrections,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** A set's last scores over all runs, as a sentence; null where a run did not score it. */
function overSeeds(runs: readonly Run[], set: EvaluationSet): string | null {
  const last = runs.map(({ evaluations }) => evaluations.findLast((report) => report.set === set));
  const reports = last.filter((report) => report !== undefined);
  if (reports.length < runs.length) return null;
  const { seeds, problems, accuracy, accuracyByCode } = acrossSeeds(reports);
  return `${reports[0].title}, ${seeds} runs, ${problems} problems: accuracy ${said(accuracy)}, right by code ${said(accuracyByCode)}.`;
}

export function main(argv: string[]): Promise<number> {
  const options = { out: { type: "string" }, help: { type: "boolean" } } as const;
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  if (values.help || values.out === undefined || positionals.length === 0) {
    console.log(help);
    return Promise.resolve(values.help ? 0 : 2);
  }
  const runs = positionals.map(readRun);
  writeFileSync(values.out, picture(runs));
  console.log("| run | episodes | cold start | accuracy | right by code | code ratio | self-corrections in training |");
  console.log("|---|---|---|---|---|---|---|");
  for (const run of runs) console.log(tableRow(run));
  for (const set of ["MiniAIME-24", "MiniAIME-25", "left-out", "own"] as const) {
    const sentence = overSeeds(runs, set);
    if (sentence !== null) console.log(sentence);
  }
  return Promise.resolve(0);
}
