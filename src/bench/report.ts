/** What a bench has measured, and what can be said of it. */
import type { Footprint, Sample } from "./host";
import type { BenchBackend, SubjectName } from "./subject";
import type { BenchSize } from "./workload";

export interface BenchPlan {
  backends: BenchBackend[];
  sizes: BenchSize[];
  subjects: SubjectName[];
  /** Rows that decode side by side. */
  rows: number[];
  /** Samples of each; at least 20 for a median that means something. */
  rounds: number;
  /** Tokens that each row writes in a sample. */
  tokens: number;
  /** Seconds after which an engine's samples of one kind end early; null measures them all. */
  patience: number | null;
  /** Training steps in a row, after which nothing may have grown; 0 for none. */
  soakSteps: number;
}

/** Whether an engine computes the same as the oracle; only one that does is timed. */
export interface Parity {
  subject: SubjectName;
  adapter: string;
  losses: number[];
  /** Largest differences from the oracle's; null where nothing could be compared. */
  lossError: number | null;
  logprobError: number | null;
  agreed: boolean;
  /** Why it could not be measured, where it could not. */
  fault?: string;
}

/** Samples of one kind. The first piece of work stands apart (milliseconds): it compiles what is not compiled yet. */
export interface Measurement {
  subject: SubjectName;
  what: { kind: "train" } | { kind: "decode"; rows: number } | { kind: "multiply" };
  first: number;
  samples: Sample[];
}

/** Engines side by side on one backend at one size. */
export interface Match {
  backend: BenchBackend;
  size: BenchSize;
  oracleLosses: number[];
  parities: Parity[];
  measurements: Measurement[];
  footprints: { subject: SubjectName; footprint: Footprint }[];
}

/** The lab's own engine over many steps. */
export interface Soak {
  backend: BenchBackend;
  size: BenchSize;
  points: { steps: number; footprint: Footprint }[];
}

export interface BenchReport {
  version: 2;
  plan: BenchPlan;
  matches: Match[];
  soaks: Soak[];
}

/** Past these an engine does not compute the same, and is not timed. */
export const parityTolerance = { loss: 1e-3, logprob: 1e-3 };

/** The value in the middle. Throws a RangeError for an empty list. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("median() was given no values");
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

export function medianMilliseconds({ samples }: Measurement): number {
  return median(samples.map(({ milliseconds }) => milliseconds));
}

export function sameWork(a: Measurement["what"], b: Measurement["what"]): boolean {
  return a.kind === b.kind && (a.kind !== "decode" || b.kind !== "decode" || a.rows === b.rows);
}

/** How much longer another engine takes than the lab's: the median of the rounds' ratios, so that load cancels out. */
export function ratioToOurs(match: Match, other: Measurement): number | null {
  const ours = match.measurements.find(({ subject, what }) => subject === "ours" && sameWork(what, other.what));
  const pairs = Math.min(ours?.samples.length ?? 0, other.samples.length);
  if (!ours || pairs === 0) return null;
  return median(Array.from({ length: pairs }, (_, i) => other.samples[i].milliseconds / ours.samples[i].milliseconds));
}

/** Tokens written in a second by all rows together. */
export function tokensPerSecond({ what, samples }: Measurement, tokens: number): number | null {
  if (what.kind !== "decode" || samples.length === 0) return null;
  return (what.rows * tokens) / (median(samples.map(({ milliseconds }) => milliseconds)) / 1000);
}
