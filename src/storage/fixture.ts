/** A small run, written by hand, for the tests of this room. */
import { makeConfig } from "../config/presets";
import { noPurposes } from "../core/code-purpose";
import type { EpisodeRecord, Segment, Turn } from "../core/episode";
import type { EvaluationReport, EvaluationSet, Measure, Score } from "../core/evaluation";
import type { MetricRow } from "../core/metrics";
import type { RunRecord } from "./run-record";

const failedTurn: Turn = {
  code: "print(gcd(12, 18))",
  status: "error",
  stdout: "",
  error: "NameError: name 'gcd' is not defined",
  observation: "\n<interpreter>\nNameError: name 'gcd' is not defined\n</interpreter>\n",
  milliseconds: 1,
  codeSpan: [10, 20],
  observationSpan: [20, 30],
};

const goodTurn: Turn = {
  ...failedTurn,
  code: "import math\nprint(math.gcd(12, 18) < 7)",
  status: "ok",
  stdout: "6\n",
  error: "",
  observation: "\n<interpreter>\n6\n</interpreter>\n",
};

function segmentsOf(turns: readonly Turn[]): Segment[] {
  const span = [0, 1] as const;
  const body = turns.flatMap((turn, index): Segment[] => [
    { kind: "code", text: `<code>\n${turn.code}\n</code>`, span, turn: index },
    { kind: "interpreter", text: turn.observation, span, turn: index },
  ]);
  return [
    { kind: "question", text: "What is the greatest common divisor of 12 & 18?", span },
    { kind: "text", text: "Let me compute.", span },
    ...body,
    { kind: "answer", text: "<answer>6</answer>", span },
  ];
}

/** A right episode with one good snippet, or what `changes` make of it. */
export function makeEpisode(changes: Partial<EpisodeRecord> = {}): EpisodeRecord {
  const turns = changes.turns ?? [goodTurn];
  return {
    id: "train/3/0/0",
    purpose: "train",
    step: 3,
    group: 0,
    sample: 0,
    problem: { id: "gcd/1/0", family: "gcd", kind: "number-theory", level: 1, question: "?", answer: 6 },
    ids: [1, 2, 3],
    promptLength: 1,
    mask: [0, 1, 1],
    logprobs: [0, -0.1, -0.2],
    policyLogprobs: [0, -0.1, -0.2],
    entropy: 0.4,
    entropyAfterOutput: { tokens: 2, mean: 0.4 },
    turns,
    segments: segmentsOf(turns),
    flags: { truncated: false, void: false, timeout: false, maxTurns: false, sandboxFailure: false },
    answer: 6,
    correct: true,
    correctByCode: true,
    reward: 1,
    advantage: 0.5,
    selfCorrection: false,
    ...changes,
  };
}

/** The first snippet failed, the second ran, the answer is right. */
export const corrected = makeEpisode({ id: "train/4/0/0", selfCorrection: true, turns: [failedTurn, goodTurn] });

export const wrong = makeEpisode({ id: "train/5/0/0", answer: 7, correct: false, correctByCode: false, reward: -1 });

export const rows: MetricRow[] = [
  { step: 0, episodes: 0, values: { accuracy: 0.4 } },
  { step: 1, episodes: 64, values: { reward: -0.25, codeRatio: 0.5, selfCorrections: 1 } },
  { step: 2, episodes: 128, values: { reward: 0.5, codeRatio: 0.9, accuracy: 0.8 } },
];

export const run: RunRecord = {
  version: 1,
  command: "npm run experiment -- --preset spark --set learn.clipHigh=0.3",
  outcome: "finished",
  fault: null,
  config: makeConfig("spark", { learn: { clipHigh: 0.3 } }),
  versions: { "retool-lab": "0.1.0", chromium: "156.0" },
  backend: { name: "wasm", reason: "There is no GPU.", adapter: "SIMD, threads", threads: 2 },
  isolated: true,
  parameters: 151_552,
  checkpoint: "cold-start/spark",
  start: { time: "2026-01-02T03:04:05.000Z", step: 0, episodes: 0 },
  end: { time: "2026-01-02T03:09:05.000Z", step: 2, episodes: 128 },
};

/** An evaluation with that mean and bounds a tenth away from it. */
export function evaluation(of: { step: number; mean: number; set?: EvaluationSet }): EvaluationReport {
  const { step, mean, set = "MiniAIME-24" } = of;
  const accuracy: Measure = { mean, bounds: [mean - 0.1, mean + 0.1] };
  const all: Score = { name: set, problems: 10, samples: 20, accuracy, accuracyByCode: accuracy };
  const half: Measure = { mean: 0.5, bounds: null };
  const nine: Measure = { mean: 0.9, bounds: null };
  return {
    step,
    set,
    title: set,
    seed: 1,
    temperature: 1,
    topP: 0.7,
    all,
    byLevel: [{ ...all, name: "1" }],
    byFamily: [{ name: "gcd", problems: 1, samples: 2, accuracy: half, accuracyByCode: half }],
    passAtK: [
      { k: 1, right: half, byCode: half },
      { k: 2, right: nine, byCode: nine },
    ],
    purposes: { ...noPurposes, calculation: 6, verification: 2, search: 2 },
    problems: [{ ...makeEpisode().problem, samples: 2, right: 1, byCode: 1 }],
  };
}
