/** Taking things home: a run's numbers and episodes as text, and the file dialogue. */
import type { EpisodeRecord } from "../core/episode";
import { type MetricId, metrics, type MetricRow } from "../core/metrics";

/** One row a step, one column a metric; a metric that was not measured in a step is empty. */
export function metricsCsv(rows: readonly MetricRow[]): string {
  const ids = Object.keys(metrics).filter((id): id is MetricId => id in metrics);
  const lines = rows.map((row) => [row.step, row.episodes, ...ids.map((id) => row.values[id] ?? "")].join(","));
  return [["step", "episodes", ...ids].join(","), ...lines, ""].join("\n");
}

/** One episode a line, as recorded. */
export function episodesJsonl(episodes: readonly EpisodeRecord[]): string {
  return episodes.map((episode) => `${JSON.stringify(episode)}\n`).join("");
}

/** Offers `content` as a file. */
export function download(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the address by the next turn of its loop.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
