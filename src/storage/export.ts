/** Rows and episodes as files that other tools read: CSV (RFC 4180) and JSON Lines. */
import type { EpisodeRecord } from "../core/episode";
import type { EvaluationReport } from "../core/evaluation";
import { type MetricId, metrics, type MetricRow } from "../core/metrics";

const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join("");

function isMetricId(name: string): name is MetricId {
  return Object.hasOwn(metrics, name);
}

/** Every metric's id, in the registry's order. */
export const metricIds: readonly MetricId[] = Object.keys(metrics).filter(isMetricId);

/** One JSON object a line, as metrics.jsonl has it. */
export function metricsToJsonl(rows: readonly MetricRow[]): string {
  return lines(rows);
}

/** A header of step, episodes and every metric that occurs, then a line per row; a value that is missing is empty. */
export function metricsToCsv(rows: readonly MetricRow[]): string {
  const present = metricIds.filter((id) => rows.some((row) => row.values[id] !== undefined));
  const header = ["step", "episodes", ...present].join(",");
  const body = rows.map((row) => [row.step, row.episodes, ...present.map((id) => row.values[id] ?? "")].join(","));
  return [header, ...body].map((line) => `${line}\r\n`).join("");
}

/** One JSON object a line, as episodes.jsonl has it. */
export function episodesToJsonl(episodes: readonly EpisodeRecord[]): string {
  return lines(episodes);
}

/** One JSON object a line, as evaluations.jsonl has it. */
export function evaluationsToJsonl(reports: readonly EvaluationReport[]): string {
  return lines(reports);
}
