import { useMemo } from "react";
import { type Metric, type MetricId, metrics, type MetricRow } from "../core/metrics";
import { Chart } from "../ui/Chart";
import type { Curve } from "../ui/chart-options";
import { useWords } from "./context";
import { download } from "./exports";

/** What all charts of a view have in common. */
export interface ChartRows {
  rows: readonly MetricRow[];
  steps: readonly number[];
  /** Steps with self-corrections. */
  marks: readonly number[];
  theme: string;
}

/** The rows with what charts read from them. */
export function chartRows(rows: readonly MetricRow[], theme: string): ChartRows {
  const corrected = rows.filter((row) => (row.values.selfCorrections ?? 0) > 0);
  return { rows, steps: rows.map((row) => row.step), marks: corrected.map((row) => row.step), theme };
}

export const valuesOf = (rows: readonly MetricRow[], id: MetricId): (number | null)[] =>
  rows.map((row) => row.values[id] ?? null);

export const savePicture = (name: string) => (picture: Blob) => download(`${name}.png`, picture, "image/png");

/** A curve of a chart with several. */
export interface NamedCurve {
  id: MetricId;
  label: string;
}

interface MetricChartProps extends ChartRows {
  id: MetricId;
  /** Stands instead of the metric's own name. */
  title?: string;
  /** Both are drawn, in the unit and the range of `id`. */
  pair?: readonly [NamedCurve, NamedCurve];
}

const colors = ["blue", "orange"] as const;

/** A metric's curve, or two of one kind, with what it means within reach. */
export function MetricChart({ id, title, pair, rows, steps, marks, theme }: MetricChartProps) {
  const { words, language } = useWords();
  const metric: Metric = metrics[id];
  const name = title ?? metric.label[language];
  const curves: Curve[] = useMemo(
    () =>
      (pair ?? [{ id, label: name }]).map((curve, place) => ({
        label: curve.label,
        values: valuesOf(rows, curve.id),
        color: colors[place],
      })),
    [pair, id, name, rows],
  );
  const both = (textOf: (one: Metric) => string | undefined): string | undefined => {
    if (!pair) return textOf(metric);
    const lines = pair.map((curve) => ({ label: curve.label, text: textOf(metrics[curve.id]) }));
    return lines.flatMap(({ label, text }) => (text === undefined ? [] : [`${label}: ${text}`])).join("\n");
  };
  return (
    <Chart
      title={name}
      definition={both(({ definition }) => definition?.[language])}
      formula={both(({ formula }) => formula) ?? ""}
      healthy={both(({ healthy }) => healthy[language]) ?? ""}
      paper={metric.paper?.[language]}
      unit={metric.unit}
      range={metric.range}
      steps={steps}
      curves={curves}
      marks={marks}
      start={pair ? null : (rows.find((row) => row.values[id] !== undefined)?.values[id] ?? null)}
      theme={theme}
      language={language}
      words={words.charts}
      measures={words.measures}
      onSave={savePicture(id)}
    />
  );
}
