/** Numbers as people read them: with their unit, in the reader's language, always in the same number of figures. */
import type { MetricUnit } from "../core/metrics";

export type Language = "en" | "zh";

const formats = new Map<string, Intl.NumberFormat>();

function number(language: Language, value: number, digits: number): string {
  const key = `${language}${digits}`;
  const known = formats.get(key);
  const format =
    known ?? new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  formats.set(key, format);
  return format.format(value);
}

/** A metric's value with its unit: "62 %", "48.2 tokens", "1.24 s". */
export function formatValue(value: number, unit: MetricUnit, language: Language): string {
  switch (unit) {
    case "share":
      return `${number(language, value * 100, 0)} %`;
    case "tokens":
      return number(language, value, 1);
    case "nats":
    case "reward":
    case "ratio":
      return number(language, value, Math.abs(value) < 0.01 && value !== 0 ? 4 : 2);
    case "count":
      return number(language, value, Number.isInteger(value) ? 0 : 2);
    case "milliseconds":
      return `${number(language, value, value < 10 ? 1 : 0)} ms`;
    case "seconds":
      return `${number(language, value, 2)} s`;
    case "perSecond":
      return number(language, value, value < 100 ? 1 : 0);
    case "megabytes":
      return `${number(language, value, value < 10 ? 1 : 0)} MB`;
    default:
      return unit satisfies never;
  }
}

/** A number of parameters: "0.15 M". */
export function formatParameters(count: number, language: Language): string {
  return `${number(language, count / 1e6, count < 1e7 ? 2 : 1)} M`;
}

/** With its sign, so that it is told apart without colour: "+0.71". */
export function formatSigned(value: number, digits: number, language: Language): string {
  const sign = value > 0 ? "+" : value < 0 ? "−" : "±";
  return sign + number(language, Math.abs(value), digits);
}

/** A whole number with separators. */
export function formatCount(value: number, language: Language): string {
  return number(language, value, 0);
}
