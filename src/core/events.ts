/** Everything that flows up from the lab's worker: one closed union, switched over exhaustively. */
import type { EpisodeRecord } from "./episode";
import type { EvaluationReport } from "./evaluation";
import type { MetricRow } from "./metrics";
import type { Fault } from "./result";

/** The loop's phases, in their order. */
export const phases = ["prompt", "write", "run", "reward", "learn", "evaluate"] as const;
export type Phase = (typeof phases)[number];

/** Where a run stands. */
export type RunState = "empty" | "loading" | "ready" | "running" | "paused" | "finished" | "failed";

/** One token of the episode on stage, as it is written. */
export interface StreamPiece {
  episode: string;
  index: number;
  text: string;
  source: "question" | "policy" | "interpreter";
  /** exp(logprob) for policy tokens, 1 otherwise. */
  probability: number;
}

/** What runs the policy, and why that. */
export interface BackendInfo {
  name: "webgpu" | "wasm" | "cpu";
  /** For people: "a software WebGPU adapter is about ten times slower than wasm, so wasm was chosen". */
  reason: string;
  /** The adapter's description, or the wasm features found. */
  adapter: string;
  threads: number;
}

/** Counts of the sandbox since it was opened. */
export interface SandboxCounts {
  ok: number;
  error: number;
  timeout: number;
  memory: number;
  output: number;
  crash: number;
  retried: number;
  dropped: number;
  respawned: number;
  /** Results that were at hand from an earlier run of the same code; counted by their status too. */
  cached: number;
  workers: number;
}

/** Before any snippet was run. */
export const noSandboxCounts: SandboxCounts = {
  ok: 0,
  error: 0,
  timeout: 0,
  memory: 0,
  output: 0,
  crash: 0,
  retried: 0,
  dropped: 0,
  respawned: 0,
  cached: 0,
  workers: 0,
};

/** Those of two sandboxes together. */
export function addCounts(left: SandboxCounts, right: SandboxCounts): SandboxCounts {
  const sum = { ...left };
  for (const [name, count] of Object.entries(right)) sum[name as keyof SandboxCounts] += Number(count);
  return sum;
}

export type LabEvent =
  | { type: "state"; state: RunState; step: number }
  /** Long work: `done` of `total` in `unit`; total 0 means unknown. */
  | { type: "progress"; task: ProgressTask; done: number; total: number }
  | { type: "phase"; phase: Phase; step: number }
  | { type: "stream"; question: string; answer: number; pieces: StreamPiece[] }
  | { type: "episodes"; step: number; purpose: "train" | "evaluation"; episodes: EpisodeRecord[] }
  /** A set was scored; the report replaces an earlier one of the same step and set. */
  | { type: "evaluation"; report: EvaluationReport }
  /** `row` replaces an earlier one of the same step. */
  | { type: "metrics"; row: MetricRow }
  /** One step of supervised fine-tuning, with its mean loss per token in nats. */
  /** `heldOutLoss` where it was measured after this step. */
  | { type: "cold-start"; step: number; loss: number; heldOutLoss?: number }
  | { type: "sandbox"; counts: SandboxCounts }
  /** What runs the policy from now on: when the lab has opened, and when that changes in the middle of a run. */
  | { type: "backend"; backend: BackendInfo }
  /** Something changed for the worse and the run goes on: a quiet line, never a modal. */
  | { type: "notice"; code: NoticeCode; message: string }
  | { type: "fault"; fault: Fault };

export type ProgressTask =
  | "backend"
  | "checkpoint"
  | "python"
  | "self-test"
  | "compile"
  | "cold-start-data"
  | "cold-start"
  | "evaluation"
  | "rollout"
  | "update";
export type NoticeCode =
  | "no-isolation"
  | "no-webgpu"
  | "software-webgpu"
  | "worker-replaced"
  | "episode-dropped"
  | "set-unscored"
  | "random-weights"
  | "device-replaced"
  | "less-memory"
  | "left-webgpu"
  | "self-test-failed"
  | "f32-caches"
  | "update-skipped";
