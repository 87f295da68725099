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
 * The mean over seeds and problems of a number that each problem's samples give, with a bootstrap over both. Throws a
 * RangeError where the reports are not of the same problems.
 */
export function measureAcross(reports: readonly ScoredSet[], of: (problem: ProblemScore) => number): Measure {
  const ids = reports[0]?.problems.map(({ id }) => id) ?? [];
  const grid = reports.map(({ problems, title }) => {
    const byId = new Map(problems.map((problem) => [problem.id, problem]));
    return ids.map((id) => {
      const problem = byId.get(id);
      if (!problem || problems.length !== ids.length) {
        throw new RangeError(`the evaluations of ${title} are not of the same problems`);
      }
      return of(problem);
    });
  });
  return measureGrid(grid);
}

/** avg@N (paper, section 3) over seeds. Throws as `measureAcross` does. */
export function acrossSeeds(reports: readonly ScoredSet[]): SeedsScore {
  return {
    seeds: reports.length,
    problems: reports[0]?.problems.length ?? 0,
    accuracy: measureAcross(reports, ({ right, samples }) => right / samples),
    accuracyByCode: measureAcross(reports, ({ byCode, samples }) => byCode / samples),
  };
}
