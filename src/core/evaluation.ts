/** What an evaluation found, as plain data: made in analysis/, shown on the page, kept in a run's evaluations.jsonl. */
import type { CodePurpose } from "./code-purpose";
import type { ProblemRecord } from "./episode";

/** The sets that are scored: `left-out` is of families that the cold start did not show, `own` what the reader loaded. */
export type EvaluationSet = "MiniAIME-24" | "MiniAIME-25" | "left-out" | "own";

/** A mean over problems, with the bounds within which 95 of 100 such sets would have it. */
export interface Measure {
  mean: number;
  /** Null where there are too few problems to say, or all scored alike. */
  bounds: readonly [low: number, high: number] | null;
}

/** How often one problem was sampled, was right, and was right by code. */
export interface ProblemScore extends ProblemRecord {
  samples: number;
  right: number;
  byCode: number;
}

/** The chance that at least one of `k` samples is right, as a mean over problems. */
export interface PassAtK {
  k: number;
  right: Measure;
  byCode: Measure;
}

/** Some problems of a set, or all of them. */
export interface Score {
  /** A family, a level, or the set. */
  name: string;
  problems: number;
  samples: number;
  /** avg@N (paper, section 3): the mean over problems of the share of right samples. */
  accuracy: Measure;
  /** The same, where the right answer is what the last successful snippet printed. */
  accuracyByCode: Measure;
  /** pass@k for the report's largest k; earlier runs have none. */
  pass?: PassAtK;
}

/** How a set was sampled. */
export interface EvaluationSetting {
  /** Training steps that were done. */
  step: number;
  set: EvaluationSet;
  /** The set's name for people: of a set of the reader's own, its file's. */
  title: string;
  seed: number;
  temperature: number;
  topP: number;
}

export interface EvaluationReport extends EvaluationSetting {
  all: Score;
  /** Empty for a set of the reader's own, which says neither. */
  byLevel: Score[];
  byFamily: Score[];
  /** For k = 1, 2, 4 and so on, as far as every problem was sampled. */
  passAtK: PassAtK[];
  /** How many snippets were for what. */
  purposes: Record<CodePurpose, number>;
  /** In the set's order. */
  problems: ProblemScore[];
}
