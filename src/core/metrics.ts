/**
 * The metric registry: id, formula, unit, range and names of every number the lab records. Charts, tooltips,
 * tables, file headers and reports read it; a metric that is not here does not compile.
 */
import { learningMetrics } from "./metrics/learning";
import { machineMetrics } from "./metrics/machine";
import { scoresMetrics } from "./metrics/scores";
import { selfCorrectionMetrics } from "./metrics/self-correction";
import { toolMetrics } from "./metrics/tool";
import type { Metric } from "./metrics/metric";

export type { Metric, MetricUnit } from "./metrics/metric";

export const metrics = {
  ...learningMetrics,
  ...scoresMetrics,
  ...toolMetrics,
  ...selfCorrectionMetrics,
  ...machineMetrics,
} satisfies Record<string, Metric>;

export type MetricId = keyof typeof metrics;

/**
 * One step's numbers. Evaluation metrics are there only for steps that were evaluated; they come later than the
 * training's, so a row may be sent again: the newer row of a step replaces the older.
 */
export interface MetricRow {
  step: number;
  /** Training episodes so far, this step's included. */
  episodes: number;
  values: Partial<Record<MetricId, number>>;
}
