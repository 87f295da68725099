/**
 * The paper's Figure 3, measured on the evaluation set at every checkpoint: how long answers are, how much code they
 * hold, whether it runs, and when it is called. The definitions in words are in core/metrics/tool.
 */
import type { EpisodeRecord } from "../core/episode";
import type { MetricId } from "../core/metrics";
import { summarise } from "./summary";

/** Panel e: the share of episodes whose last snippet ran; undefined where none of them wrote one. */
function lastPassRate(episodes: readonly EpisodeRecord[]): number | undefined {
  const last = episodes.flatMap(({ turns }) => turns.slice(-1));
  if (last.length === 0) return undefined;
  return last.filter(({ status }) => status === "ok").length / last.length;
}

/** The six panels as metrics of an evaluation. Rates over nothing are left out. */
export function figure3(episodes: readonly EpisodeRecord[]): Partial<Record<MetricId, number>> {
  const summary = summarise(episodes);
  const values: Partial<Record<MetricId, number>> = {
    evaluationResponseLength: summary.responseLength,
    evaluationResponseLengthWithInterpreter: summary.responseLengthWithInterpreter,
    evaluationCodeRatio: summary.codeRatio,
    evaluationCodeLines: summary.codeLines,
    evaluationCorrectCode: episodes.flatMap(({ turns }) => turns).filter(({ status }) => status === "ok").length,
    evaluationPassRateRight: lastPassRate(episodes.filter(({ correct }) => correct)),
    evaluationPassRateWrong: lastPassRate(episodes.filter(({ correct }) => !correct)),
    evaluationInvocationTiming: summary.invocationTiming,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
