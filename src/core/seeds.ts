/** Scores of several seeds on the same problems, as one number with one interval. */
import type { EvaluationReport, Measure, ProblemScore } from "./evaluation";
import { measureGrid } from "./bootstrap";

/** What it reads of a report. */
export type ScoredSet = Pick<EvaluationReport, "step" | "set" | "title" | "seed" | "problems">;

interface SeedsScore {
  seeds: number;
  problems: number;
  accuracy: Measure;
  accuracyByCode: Measure;
}

/**
 * avg@N (paper, section 3) over seeds: the mean over seeds and problems, with a bootstrap over both. Throws a RangeError
 * where the reports are not of the same problems.
 */
export function acrossSeeds(reports: readonly ScoredSet[]): SeedsScore {
  const ids = reports[0]?.problems.map(({ id }) => id) ?? [];
  const gridOf = (right: (problem: ProblemScore) => number): number[][] =>
    reports.map(({ problems, title }) => {
      const byId = new Map(problems.map((problem) => [problem.id, problem]));
      return ids.map((id) => {
        const problem = byId.get(id);
        if (!problem || problems.length !== ids.length) {
          throw new RangeError(`the evaluations of ${title} are not of the same problems`);
        }
        return right(problem) / problem.samples;
      });
    });
  return {
    seeds: reports.length,
    problems: ids.length,
    accuracy: measureGrid(gridOf(({ right }) => right)),
    accuracyByCode: measureGrid(gridOf(({ byCode }) => byCode)),
  };
}
