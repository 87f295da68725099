/** A run as the page sees it: a plain value, made from the lab's events one batch after the other. */
import {
  type BackendInfo,
  type LabEvent,
  noSandboxCounts,
  type NoticeCode,
  type Phase,
  type ProgressTask,
  type RunState,
  type SandboxCounts,
} from "../core/events";
import type { EvaluationReport } from "../core/evaluation";
import type { MetricRow } from "../core/metrics";
import type { Fault } from "../core/result";
import type { EpisodeStore } from "./episode-store";
import { emptyStage, type Stage, takeStream } from "./stage";

type ColdStartPoint = Pick<Extract<LabEvent, { type: "cold-start" }>, "step" | "loss" | "heldOutLoss">;

export interface RunView {
  state: RunState;
  /** Steps that are done. */
  step: number;
  phase: Phase | null;
  /** The step that `phase` belongs to: the one after `step`, or `step` itself where that is being evaluated. */
  phaseStep: number;
  /** What is going on now, where it takes long. */
  progress: { task: ProgressTask; done: number; total: number } | null;
  rows: MetricRow[];
  /** What the evaluations found, in the order in which they were made. */
  evaluations: EvaluationReport[];
  /** Mean loss per token, in nats, of each step of a cold start that is made here. */
  coldStart: ColdStartPoint[];
  sandbox: SandboxCounts;
  /** What runs the policy, once that is known. */
  backend: BackendInfo | null;
  notices: { code: NoticeCode; message: string; count: number }[];
  fault: Fault | null;
  stage: Stage;
  /** Changes whenever the episode store does. */
  episodesVersion: number;
}

export const emptyRun: RunView = {
  state: "empty",
  step: 0,
  phase: null,
  phaseStep: 0,
  progress: null,
  rows: [],
  evaluations: [],
  coldStart: [],
  sandbox: noSandboxCounts,
  backend: null,
  notices: [],
  fault: null,
  stage: emptyStage,
  episodesVersion: 0,
};

/** Forgets a run's data; what the reader chose (the pace), what holds for the machine and the sandbox's counts stay. */
export function forgetRun(view: RunView, episodes: EpisodeStore): RunView {
  episodes.clear();
  const stage = { ...emptyStage, pace: view.stage.pace };
  const { state, backend, notices, sandbox } = view;
  return { ...emptyRun, state, backend, notices, sandbox, stage, episodesVersion: episodes.version };
}

/** Puts a row in its place; it replaces an earlier one of the same step. */
function withRow(rows: MetricRow[], row: MetricRow): MetricRow[] {
  const last = rows.at(-1);
  if (!last || row.step > last.step) return [...rows, row];
  return [...rows.filter((other) => other.step !== row.step), row].sort((a, b) => a.step - b.step);
}

function withNotice(notices: RunView["notices"], code: NoticeCode, message: string): RunView["notices"] {
  const known = notices.find((notice) => notice.code === code);
  const count = (known?.count ?? 0) + 1;
  return [...notices.filter((notice) => notice.code !== code), { code, message, count }];
}

/** A step smaller than those that are done means that the run has begun anew. */
function atStep(view: RunView, step: number, episodes: EpisodeStore): RunView {
  return step < view.step ? forgetRun(view, episodes) : view;
}

const withLoss = (view: RunView, point: ColdStartPoint): RunView => ({
  ...view,
  // Steps that are done again replace what they were before.
  coldStart: [...view.coldStart.filter(({ step }) => step < point.step), point],
});

/** A set that is scored again after the same step has a new report in place of the old. */
const withReport = (view: RunView, report: EvaluationReport): RunView => ({
  ...view,
  evaluations: [...view.evaluations.filter(({ step, set }) => step !== report.step || set !== report.set), report],
});

const withNumbers = (view: RunView, row: MetricRow): RunView => ({
  ...view,
  rows: withRow(view.rows, row),
  step: Math.max(view.step, row.step),
});

function withState(view: RunView, state: RunState, step: number): RunView {
  const atWork = state === "running" || state === "loading";
  const fault = state === "failed" ? view.fault : null;
  return { ...view, state, step, fault, progress: atWork ? view.progress : null, phase: atWork ? view.phase : null };
}

/** The view after one event; episodes go to the store. */
export function takeEvent(view: RunView, event: LabEvent, episodes: EpisodeStore): RunView {
  switch (event.type) {
    case "state":
      return withState(atStep(view, event.step, episodes), event.state, event.step);
    case "progress": {
      const { task, done, total } = event;
      return { ...view, progress: total > 0 && done >= total ? null : { task, done, total } };
    }
    case "phase":
      return { ...atStep(view, event.step, episodes), phase: event.phase, phaseStep: event.step };
    case "stream":
      return { ...view, stage: takeStream(view.stage, event, view.phaseStep) };
    case "episodes":
      episodes.add(event.episodes);
      return { ...view, episodesVersion: episodes.version };
    case "evaluation":
      return withReport(atStep(view, event.report.step, episodes), event.report);
    case "metrics":
      return withNumbers(atStep(view, event.row.step, episodes), event.row);
    case "cold-start":
      return withLoss(atStep(view, 0, episodes), event);
    case "sandbox":
      return { ...view, sandbox: event.counts };
    case "backend":
      return { ...view, backend: event.backend };
    case "notice":
      return { ...view, notices: withNotice(view.notices, event.code, event.message) };
    case "fault":
      return { ...view, fault: event.fault };
    default:
      return event satisfies never;
  }
}
