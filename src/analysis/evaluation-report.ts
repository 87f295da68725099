/**
 * An evaluation as a table (paper, section 3): every problem is sampled N times; avg@N is the mean over problems of the
 * share of right samples, given with its interval, split by family and by level, and beside pass@k. "Right by code"
 * stands beside accuracy everywhere: there the answer is what the episode's own last successful snippet printed.
 */
import type { EpisodeRecord } from "../core/episode";
import type { EvaluationReport, EvaluationSetting, PassAtK, ProblemScore, Score } from "../core/evaluation";
import { measure } from "../core/bootstrap";
import { countPurposes } from "./code-purpose";
import { passAtK } from "./pass-at-k";

/** What an evaluation reads of an episode, or of another's answer. */
export type Answered = Pick<EpisodeRecord, "problem" | "correct" | "correctByCode" | "turns">;

/** Samples counted by problem, in the order in which the problems come. */
export function scoreProblems(episodes: readonly Answered[]): ProblemScore[] {
  const problems = new Map<string, ProblemScore>();
  for (const { problem, correct, correctByCode } of episodes) {
    const known = problems.get(problem.id) ?? { ...problem, samples: 0, right: 0, byCode: 0 };
    known.samples += 1;
    known.right += Number(correct);
    known.byCode += Number(correctByCode);
    problems.set(problem.id, known);
  }
  return [...problems.values()];
}

/** k = 1, 2, 4 and so on, while every problem has that many samples. */
function ksFor(problems: readonly ProblemScore[]): number[] {
  const most = Math.min(...problems.map(({ samples }) => samples));
  return Array.from({ length: Math.floor(Math.log2(most)) + 1 }, (_, power) => 2 ** power);
}

function passOf(problems: readonly ProblemScore[], k: number): PassAtK {
  return {
    k,
    right: measure(problems.map(({ samples, right }) => passAtK(samples, right, k))),
    byCode: measure(problems.map(({ samples, byCode }) => passAtK(samples, byCode, k))),
  };
}

function scoreOf(name: string, problems: readonly ProblemScore[], k: number): Score {
  return {
    name,
    problems: problems.length,
    samples: problems.reduce((sum, { samples }) => sum + samples, 0),
    accuracy: measure(problems.map(({ right, samples }) => right / samples)),
    accuracyByCode: measure(problems.map(({ byCode, samples }) => byCode / samples)),
    pass: passOf(problems, k),
  };
}

function split(problems: readonly ProblemScore[], k: number, nameOf: (problem: ProblemScore) => string): Score[] {
  const names = [...new Set(problems.map(nameOf))].sort();
  return names.map((name) =>
    scoreOf(
      name,
      problems.filter((problem) => nameOf(problem) === name),
      k,
    ),
  );
}

/** The table of an evaluation. Throws a RangeError without episodes. */
export function reportEvaluation(setting: EvaluationSetting, episodes: readonly Answered[]): EvaluationReport {
  const problems = scoreProblems(episodes);
  // A set of the reader's own says nothing of levels and families.
  const sorted = setting.set === "own" ? [] : problems;
  const ks = ksFor(problems);
  const largest = ks[ks.length - 1];
  return {
    ...setting,
    all: scoreOf(setting.set, problems, largest),
    byLevel: split(sorted, largest, ({ level }) => String(level)),
    byFamily: split(sorted, largest, ({ family }) => family),
    passAtK: ks.map((k) => passOf(problems, k)),
    purposes: countPurposes(episodes),
    problems,
  };
}
