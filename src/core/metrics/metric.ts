/** What every metric of the registry says about itself. */

/** How to write a value: `share` is 0..1 shown in per cent. */
export type MetricUnit =
  "share" | "tokens" | "nats" | "count" | "ratio" | "milliseconds" | "seconds" | "perSecond" | "reward" | "megabytes";

export interface Bilingual {
  en: string;
  zh: string;
}

export interface Metric {
  label: Bilingual;
  /** The definition in plain words, where the formula alone does not say it. */
  definition?: Bilingual;
  /** The definition as a formula in words or symbols. */
  formula: string;
  unit: MetricUnit;
  /** Fixed axis, where one makes sense. */
  range?: readonly [number, number];
  /** What a good value looks like, in a sentence. */
  healthy: Bilingual;
  /** What the paper's curve does, in words. */
  paper?: Bilingual;
}
