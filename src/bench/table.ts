/** A report as rows for people, the same for the terminal, the page and the file. */
import {
  type BenchReport,
  type Match,
  type Measurement,
  median,
  medianMilliseconds,
  type Parity,
  ratioToOurs,
  tokensPerSecond,
} from "./report";
import { type BenchBackend, productFlops, type SubjectName } from "./subject";
import type { BenchSize } from "./workload";

export interface BenchRow {
  backend: BenchBackend;
  size: BenchSize;
  what: Measurement["what"];
  subject: SubjectName;
  samples: number;
  /** Median. */
  milliseconds: number;
  /** Medians, as a sample has them (./host); null where nobody encodes commands. */
  preparing: number | null;
  encoding: number | null;
  untilFree: number;
  /** Milliseconds of the first piece of work, which compiles what is not compiled yet. */
  first: number;
  /** How much longer than the lab's own engine; null where there is nothing to compare. */
  ratio: number | null;
  tokensPerSecond: number | null;
  gigaflops: number | null;
  /** For a training step, or for one token in all rows. */
  dispatches: number;
  submits: number;
  newBuffers: number;
  newBindGroups: number;
}

/** One row for each engine and each kind of work that it was timed on. */
export function benchRows({ plan, matches }: BenchReport): BenchRow[] {
  return matches.flatMap((match) =>
    match.measurements
      .filter(({ samples }) => samples.length > 0)
      .map((measurement) => rowOf(match, measurement, plan.tokens)),
  );
}

function rowOf(match: Match, measurement: Measurement, tokens: number): BenchRow {
  const { subject, what, first, samples } = measurement;
  const milliseconds = medianMilliseconds(measurement);
  const times = what.kind === "decode" ? tokens : 1;
  const count = (of: "dispatches" | "submits" | "newBuffers" | "newBindGroups"): number =>
    median(samples.map(({ counts }) => counts[of])) / times;
  return {
    backend: match.backend,
    size: match.size,
    what,
    subject,
    samples: samples.length,
    milliseconds,
    // A decoder compiles, and waits, before its first submission.
    preparing: what.kind === "decode" ? null : medianOf(samples.map(({ preparing }) => preparing)),
    encoding: medianOf(samples.map(({ encoding }) => encoding)),
    untilFree: median(samples.map(({ untilFree }) => untilFree)),
    first,
    ratio: ratioToOurs(match, measurement),
    tokensPerSecond: tokensPerSecond(measurement, tokens),
    gigaflops: what.kind === "multiply" ? productFlops / milliseconds / 1e6 : null,
    dispatches: count("dispatches"),
    submits: count("submits"),
    newBuffers: count("newBuffers"),
    newBindGroups: count("newBindGroups"),
  };
}

/** The median of the numbers that are there; null where none is. */
function medianOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : median(known);
}

/** "train", "decode 64 rows", "multiply". */
export function workName(what: Measurement["what"]): string {
  return what.kind === "decode" ? `decode ${what.rows} rows` : what.kind;
}

/** The rows by what may be compared: one list for each kind of work at one size on one backend, the engines in order. */
export function benchWorks(report: BenchReport): BenchRow[][] {
  const works = new Map<string, BenchRow[]>();
  for (const row of benchRows(report)) {
    const key = `${row.backend} ${row.size} ${workName(row.what)}`;
    works.set(key, [...(works.get(key) ?? []), row]);
  }
  return [...works.values()];
}

/** A number with three significant digits, without an exponent. */
export function shortNumber(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}

const numberOr = (value: number | null): string => (value === null ? "-" : shortNumber(value));

const columns: readonly (readonly [title: string, of: (row: BenchRow) => string])[] = [
  ["backend", ({ backend }) => backend],
  ["size", ({ size, what }) => (what.kind === "multiply" ? "-" : size)],
  ["work", ({ what }) => workName(what)],
  ["engine", ({ subject }) => subject],
  ["ms", ({ milliseconds }) => shortNumber(milliseconds)],
  ["x ours", ({ ratio }) => numberOr(ratio)],
  ["tokens/s", ({ tokensPerSecond: rate }) => numberOr(rate)],
  ["GFLOP/s", ({ gigaflops }) => numberOr(gigaflops)],
  ["first ms", ({ first }) => shortNumber(first)],
  ["js: prepare, ms", ({ preparing }) => numberOr(preparing)],
  ["js: encode and submit, ms", ({ encoding }) => numberOr(encoding)],
  ["event loop free, ms", ({ untilFree, what }) => (what.kind === "decode" ? "-" : shortNumber(untilFree))],
  ["dispatches", ({ dispatches }) => shortNumber(dispatches)],
  ["submits", ({ submits }) => shortNumber(submits)],
  ["buffers", ({ newBuffers }) => shortNumber(newBuffers)],
  ["bind groups", ({ newBindGroups }) => shortNumber(newBindGroups)],
  ["n", ({ samples }) => String(samples)],
];

/** The rows as cells, the titles first. */
export function benchCells(report: BenchReport): string[][] {
  return [columns.map(([title]) => title), ...benchRows(report).map((row) => columns.map(([, of]) => of(row)))];
}

/** "losses 1.2e-7, log-probabilities 9.5e-7; agrees". */
export function parityVerdict({ lossError, logprobError, agreed, fault }: Parity): string {
  const error = (value: number | null): string => (value === null ? "-" : value.toExponential(1));
  const verdict = agreed ? "agrees" : `not timed${fault ? `: ${fault}` : ""}`;
  return `losses ${error(lossError)}, log-probabilities ${error(logprobError)}; ${verdict}`;
}

/** What the lab's engine held over many steps, the titles first; no rows where nothing was soaked. */
export function soakCells({ soaks }: BenchReport): string[][] {
  const megabytes = (value: number | null): string => (value === null ? "-" : (value / 2 ** 20).toFixed(1));
  const rows = soaks.flatMap(({ backend, size, points }) =>
    points.map(({ steps, footprint: { bytes, buffers, heap } }) => [
      backend,
      size,
      String(steps),
      megabytes(bytes),
      String(buffers),
      megabytes(heap),
    ]),
  );
  return [["backend", "size", "steps", "MB", "buffers", "heap MB"], ...rows];
}
