import { plural } from "./plural";

/** The words of what is measured in an evaluation, in English. */

export const measuresEn = {
  figure3: "Figure 3",
  figure3Note: (step: number) =>
    `The paper's Figure 3, measured on MiniAIME-24 at every evaluation, the last one after step ${step}.`,
  figure3None: "Measured at the first evaluation; none has been made yet.",
  definition: "In words",
  paper: "In the paper",
  codeRatio: "code ratio",
  lengths: "response length",
  withInterpreter: "with output",
  withoutInterpreter: "own",
  lastSnippet: "last snippet ran",
  whereRight: "right",
  whereWrong: "wrong",
  scores: "Scores",
  scoresNone: "No set has been scored yet. MiniAIME-24 comes first when the run starts.",
  evaluation: "Evaluation",
  own: "Your set",
  at: (title: string, step: number) => `${title}, step ${step}`,
  asked: (answers: string, problems: number, temperature: number, topP: number) =>
    `${answers} answers to ${plural(problems, "problem", "problems")}, temperature ${temperature}, top-p ${topP}`,
  method:
    "Mean over problems of the share of right answers. In brackets: where it would lie for 95 of 100 such sets of problems (bootstrap over problems); parts of fewer than five problems, and those whose problems all scored alike, have none.",
  passMethod: "pass@k: the chance that at least one of k answers is right, 1 - C(n-c, k) / C(n, k).",
  part: "part",
  allProblems: "all",
  problems: "problems",
  accuracy: "right",
  byCode: "right by code",
  chance: "k",
  byLevel: "By level",
  byFamily: "By family",
  passAtK: "pass@k",
  byProblem: "Problem by problem",
  problem: "problem",
  expected: "answer",
  corrections: (succeeded: number, attempted: number, first: number | undefined) =>
    `${plural(succeeded, "self-correction", "self-corrections")} of ${plural(attempted, "attempt", "attempts")}${first === undefined ? "" : `, the first at step ${first}`}`,
  attempted: "tried to mend",
  diff: "The failed snippet against the one after it",
  mendedRight: "A snippet failed; the policy wrote another that ran, and was right.",
  mendedWrong: "A snippet failed; the policy wrote another, which did not lead to the right answer.",
  failedWith: "It failed with",
  purposes: "what the code is for",
  purposesNote:
    "Share of the snippets of an evaluation of MiniAIME-24, told by rules on their text; the first rule that fits counts.",
  purposeRules: "The rules",
  snippetsAt: (step: number, count: number) =>
    `${step === 0 ? "cold start" : `step ${step}`}: ${plural(count, "snippet", "snippets")}`,
  purposeNames: {
    calculation: "calculation",
    verification: "verification",
    search: "search",
    simulation: "simulation",
    geometry: "geometry",
    algebra: "algebra",
    other: "other",
  },
  purposeHints: {
    simulation: "draws random numbers, or names trials",
    verification: "asserts, prints a comparison, or prints again what an earlier snippet printed",
    geometry: "shapes, trigonometry, distances, a cross product, a sum of squares",
    algebra: "symbols, equations or polynomials given to a solver",
    search: "goes through candidates and tests each",
    calculation: "computes anything else",
    other: "computes nothing",
  },
  purposePaper:
    "In the paper a language model names the purposes: calculation and verification lead, and after training there are more kinds.",
  corrected: "self-corrections",
  attempts: "tried",
  succeeded: "succeeded",
  loadOwn: "Load your own problems",
  ownHint: 'One a line: {"problem": "...", "answer": 42}, answers from 0 to 999, as the public AIME sets have them.',
  ownLoaded: (title: string, problems: number) =>
    `${title}: ${plural(problems, "problem", "problems")}, scored at a run's start and end, or by "Evaluate now".`,
  download: "Evaluations (JSONL)",
};
