/** Values as words in files for people: one unit, tabular, never more digits than the number deserves. */
import type { MetricUnit } from "../core/metrics";

const suffix: Record<MetricUnit, string> = {
  share: " %",
  tokens: "",
  nats: "",
  count: "",
  ratio: "",
  milliseconds: " ms",
  seconds: " s",
  perSecond: " /s",
  reward: "",
  megabytes: " MB",
};

/** A number with about three significant digits and no exponent while it is readable without one. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size < 0.001) return value.toExponential(1);
  if (size < 10) return String(Number(value.toFixed(3)));
  if (size < 100) return value.toFixed(1);
  return String(Math.round(value));
}

/** "84.2 %", "3.1 s", "0.62": a metric's value with its unit; shares are given in per cent. */
export function formatValue(value: number, unit: MetricUnit): string {
  if (!Number.isFinite(value)) return "none";
  if (unit === "share") return `${(100 * value).toFixed(1)}${suffix.share}`;
  return digits(value) + suffix[unit];
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text made safe for HTML and SVG, content and attributes alike. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}
