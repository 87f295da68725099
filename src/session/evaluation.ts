/**
 * Scoring the policy on the fixed sets as the paper does: several samples a problem at its temperature and top-p, the
 * mean over problems with its interval, and the paper's Figure 3 on the first set.
 */
import { reportEvaluation } from "../analysis/evaluation-report";
import { formatRate } from "../analysis/summary";
import { figure3 } from "../analysis/figure-3";
import { type LabConfig, mostTokens } from "../config/schema";
import type { EpisodeRecord, ProblemRecord } from "../core/episode";
import { FaultError } from "../core/result";
import type { EvaluationReport, EvaluationSet } from "../core/evaluation";
import type { MetricRow } from "../core/metrics";
import { benchmarks } from "../tasks/benchmarks";
import { curriculumOf } from "../tasks/curriculum";
import { parseOwnSet } from "../tasks/own-set";
import { promptText } from "../text/grammar";
import type { Tokenizer } from "../text/tokenizer";
import { assign, type Bench, tellOfDropped, write } from "./write";

/** One set to be scored. */
export interface Scoring {
  set: EvaluationSet;
  title: string;
  problems: readonly ProblemRecord[];
  /** The number of its first problem: the problems of all sets are numbered through, so that no episode's name is another's. */
  firstGroup: number;
}

const [first, second] = [benchmarks["MiniAIME-24"], benchmarks["MiniAIME-25"]];

const mainScoring: Scoring = { set: "MiniAIME-24", title: "MiniAIME-24", problems: first, firstGroup: 0 };

const furtherScorings: readonly Scoring[] = [
  { set: "MiniAIME-25", title: "MiniAIME-25", problems: second, firstGroup: first.length },
];

const leftOutTitle = { set: "left-out", title: "families left out" } as const;

/** A set of the reader's own from the text of its file. Throws a FaultError that names the line that is wrong. */
export function ownScoring(title: string, text: string): Scoring {
  return { set: "own", title, problems: parseOwnSet(text), firstGroup: first.length + second.length };
}

/**
 * Tokens that an episode of this set may take: in the reader's own set a long question takes nothing from the room to
 * answer. Throws a FaultError for a question that no policy here can read.
 */
export function roomFor({ set, problems }: Scoring, tokenizer: Tokenizer, maxTokens: number): number {
  if (set !== "own") return maxTokens;
  const lengths = problems.map(({ question }) => tokenizer.encode(promptText(question)).length);
  const longest = Math.max(...lengths);
  if (longest + maxTokens <= mostTokens) return longest + maxTokens;
  const { id } = problems[lengths.indexOf(longest)];
  throw new FaultError({
    at: "config",
    code: "benchmark",
    message: `Line ${id.slice("own/".length)}: the problem takes ${longest} tokens; with ${maxTokens} to answer that is more than ${mostTokens}.`,
    hint: "Shorten the problem, or lower the tokens an episode.",
  });
}

/** The sets to score when `step` of `steps` is done, or when asked by hand (`step` null). */
export function scoringsAt(step: number | null, config: LabConfig, own: Scoring | null): readonly Scoring[] {
  const { steps, evaluation } = config;
  const isEnd = step === null || step === 0 || step >= steps;
  const withFurther = evaluation.furtherSets === "always" || (evaluation.furtherSets === "ends" && isEnd);
  if (!withFurther) return [mainScoring];
  const { leftOut } = curriculumOf(config);
  const firstGroup = first.length + second.length;
  return [
    mainScoring,
    ...furtherScorings,
    ...(leftOut.length > 0 ? [{ ...leftOutTitle, problems: leftOut, firstGroup }] : []),
    ...(own ? [{ ...own, firstGroup: firstGroup + leftOut.length }] : []),
  ];
}

function metricsOf({ set, all }: EvaluationReport, episodes: readonly EpisodeRecord[]): MetricRow["values"] {
  const [accuracy, byCode] = [all.accuracy.mean, all.accuracyByCode.mean];
  switch (set) {
    case "MiniAIME-24":
      return { accuracy, accuracyByCode: byCode, evaluationFormatRate: formatRate(episodes), ...figure3(episodes) };
    case "MiniAIME-25":
      return { accuracy25: accuracy, accuracyByCode25: byCode };
    case "left-out":
      return { accuracyLeftOut: accuracy, accuracyByCodeLeftOut: byCode };
    case "own":
      return { accuracyOwn: accuracy, accuracyByCodeOwn: byCode };
    default:
      return set satisfies never;
  }
}

export interface Evaluated {
  report: EvaluationReport;
  values: MetricRow["values"];
  episodes: EpisodeRecord[];
}

/** How many problems have no attempt left that says anything of the policy. */
export function unscoredProblems(
  { problems }: Pick<Scoring, "problems">,
  episodes: readonly Pick<EpisodeRecord, "problem">[],
): number {
  const scored = new Set(episodes.map(({ problem }) => problem.id));
  return problems.filter(({ id }) => !scored.has(id)).length;
}

/**
 * Scores the policy on one set, after `step` training steps; the policy has to have room for its longest episode. Null
 * where the sandbox failed on every attempt at a problem: a mean over the others would be of another set.
 */
export async function evaluate(
  bench: Bench,
  step: number,
  samples: number,
  scoring: Scoring,
): Promise<Evaluated | null> {
  const { emit } = bench;
  const { set, title, problems, firstGroup } = scoring;
  const maxTokens = roomFor(scoring, bench.tokenizer, bench.config.rollout.maxTokens);
  const config = { ...bench.config, rollout: { ...bench.config.rollout, maxTokens } };
  emit({ type: "phase", phase: "evaluate", step });
  const { temperature, topP } = config.evaluation;
  const { episodes, dropped } = await write(
    { ...bench, config },
    {
      purpose: "evaluation",
      step,
      assignments: assign(problems, samples, firstGroup),
      sampling: { temperature, topP },
    },
  );
  tellOfDropped(dropped, emit);
  const unscored = unscoredProblems(scoring, episodes);
  if (unscored > 0) {
    const message = `The sandbox failed on every attempt at ${unscored} of the ${problems.length} problems of ${title}, so the set has no score.`;
    emit({ type: "notice", code: "set-unscored", message });
    return null;
  }
  for (const episode of episodes) episode.set = set;
  emit({ type: "episodes", step, purpose: "evaluation", episodes });
  const report = reportEvaluation({ step, set, title, seed: config.seed, temperature, topP }, episodes);
  emit({ type: "evaluation", report });
  return { report, values: metricsOf(report, episodes), episodes };
}
