/** What the page and the experiments can ask of the lab; `window.lab` has this type too. */
import type { ConfigOverrides, LabConfig } from "../config/schema";
import type { ColdStartCounts, DroppedLine, TraceRecord } from "../core/cold-start";
import type { EpisodeRecord } from "../core/episode";
import type { EvaluationReport } from "../core/evaluation";
import type { BackendInfo, LabEvent, RunState, SandboxCounts } from "../core/events";
import type { MetricRow } from "../core/metrics";
import type { Result } from "../core/result";
import type { OutsideModel, OutsideScore } from "./outside-model";
import type { SnippetLimits, SnippetResult } from "../sandbox/sandbox";

/** A checkpoint folder in Hugging Face layout: file name to content. */
export type CheckpointFiles = Record<string, Uint8Array<ArrayBuffer>>;

export interface LabInfo {
  config: LabConfig;
  backend: BackendInfo;
  parameters: number;
  /** Where the weights came from: "cold-start/spark", a file's name, or "random". */
  checkpoint: string;
  isolated: boolean;
}

export interface LabSnapshot {
  state: RunState;
  step: number;
  episodes: number;
  info: LabInfo | null;
  metrics: MetricRow[];
  /** What the evaluations found, problem by problem, in the order in which they were made. */
  evaluations: EvaluationReport[];
  sandbox: SandboxCounts;
}

/** A set that the reader loaded. */
export interface OwnSet {
  title: string;
  problems: number;
}

export interface ColdStartReport {
  /** Where the traces are from: "the factory", or a file's name. */
  source: string;
  /** How many were learned from. */
  traces: number;
  counts: ColdStartCounts;
  steps: number;
  /** Times that each trace was seen. */
  epochs: number;
  /** Of the last step, in nats a learned token. */
  finalLoss: number;
  /** The same over traces that were not learned from; null where none were held out. */
  heldOutLoss: number | null;
  evaluation: MetricRow;
}

/** Traces of the reader's own, in place of the factory's. */
export interface OwnTraces {
  title: string;
  /** Those that stand. */
  traces: number;
  /** The others, in the file's order. */
  dropped: readonly DroppedLine[];
}

/** What the present policy thinks of an episode, token by token. */
export interface EpisodeLedger {
  /** After this step the policy was asked. */
  step: number;
  tokens: {
    text: string;
    source: "policy" | "interpreter";
    /** Under the policy itself: temperature 1, every token kept. */
    logprob: number;
    /** Of what could have stood here, in nats. */
    entropy: number;
    /** The likeliest tokens here, likeliest first. */
    top: { text: string; logprob: number }[];
  }[];
}

export type SympyChoice = LabConfig["sandbox"]["sympy"];

/** A snippet that a person ran, with what the policy would have read of it, tags included. */
export interface ConsoleResult extends SnippetResult {
  observation: string;
}

export type OutsideProgress = (done: number, total: number) => void;

export interface LabApi {
  /** Picks a backend, loads the preset's checkpoint, boots Python, self-tests; emits progress; ends `ready`. */
  open(config: LabConfig): Promise<Result<LabInfo>>;
  /** Runs until `config.steps`, `pause()` or a fault; resolves when it stops. Also resumes. */
  start(): Promise<Result<LabSnapshot>>;
  /** Stops after the step that is under way; resolves when it has stopped. */
  pause(): Promise<LabSnapshot>;
  /** One RL step. */
  step(): Promise<Result<LabSnapshot>>;
  /** Back to the checkpoint it opened with; the run's data are dropped. */
  reset(): Promise<Result<LabSnapshot>>;
  /** Changes settings marked live, from the next step on; refuses others by name. */
  change(overrides: ConfigOverrides): Promise<Result<LabConfig>>;
  evaluate(samples?: number): Promise<Result<MetricRow>>;
  /** Makes a cold start from random weights by SFT on D_CI as configured, and goes on from it. */
  coldStart(): Promise<Result<ColdStartReport>>;
  /** The traces `first` to `first + count - 1` of D_CI as configured, each verified, with what they were made from. */
  traces(first: number, count: number): Promise<Result<TraceRecord[]>>;
  /** Traces of one's own, a JSON line each, which `coldStart` learns from until the lab is opened anew. */
  loadTraces(title: string, text: string): Promise<Result<OwnTraces>>;
  /**
   * Scores an outside model on MiniAIME-24: sends it the problems. What was answered is scored, whatever ends it. The
   * caller passes a comlink proxy across the worker.
   */
  scoreOutside(outside: OutsideModel, samples: number, onAnswer: OutsideProgress): Promise<OutsideScore>;
  /** Asks it nothing more; what was answered is scored. */
  stopOutside(): Promise<void>;
  loadCheckpoint(name: string, files: CheckpointFiles): Promise<Result<LabInfo>>;
  /** A set in the form of the public AIME sets, scored from now on beside the others; it replaces an earlier one. */
  loadBenchmark(title: string, text: string): Promise<Result<OwnSet>>;
  checkpoint(): Promise<Result<CheckpointFiles>>;
  snapshot(): Promise<LabSnapshot>;
  /** Episodes kept in memory (the newest 4,096 of training; the last evaluation), newest step first. */
  episodes(filter?: {
    step?: number;
    purpose?: EpisodeRecord["purpose"];
    selfCorrections?: boolean;
    limit?: number;
  }): Promise<EpisodeRecord[]>;
  /** What the policy, as it is now, thinks of an episode's response; computed when asked for, never else. */
  ledger(episode: string): Promise<Result<EpisodeLedger>>;
  /**
   * Runs one snippet in the sandbox, as the policy would, except for what is said otherwise. Python with SymPy is loaded
   * beside the run's when it is first asked for, and the other way round.
   */
  runSnippet(code: string, limits?: Partial<SnippetLimits>, sympy?: SympyChoice): Promise<Result<ConsoleResult>>;
  /** Events from now on, in batches; the caller passes a comlink proxy across the worker. */
  subscribe(listener: (events: LabEvent[]) => void): Promise<void>;
  /** Kills a Python worker in mid-run (fault injection for tests and lessons). */
  killSandboxWorker(): Promise<void>;
  /** Loses the GPU's device, or has it say that its memory is full (fault injection, as above). */
  sabotageGpu(how: "lose" | "exhaust"): Promise<void>;
}
