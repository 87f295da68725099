/** Writing episodes, for training (./run) and for scores (./evaluation): each is sampled, its code run, its answer judged. */
import { findCorrection } from "../analysis/self-correction";
import type { LabConfig } from "../config/schema";
import { snippetLimits } from "../config/snippet-limits";
import type { ProblemRecord } from "../core/episode";
import type { LabEvent } from "../core/events";
import type { Models } from "../learn/judge";
import { type Assignment, collect, type RolloutReport, type RolloutRequest } from "../rollout/collector";
import type { Sandbox } from "../sandbox/sandbox";
import type { Tokenizer } from "../text/tokenizer";

/** Says how many episodes the sandbox cost; they are no verdict on the policy. */
export function tellOfDropped(dropped: number, emit: Bench["emit"]): void {
  if (dropped === 0) return;
  const message = `The sandbox failed on ${dropped} episodes; they were left out, not counted as wrong.`;
  emit({ type: "notice", code: "episode-dropped", message });
}

/** What a step works with. */
export interface Bench {
  config: LabConfig;
  models: Models & { memory(): { tensors: number; bytes: number } };
  tokenizer: Tokenizer;
  sandbox: Sandbox;
  emit: (event: LabEvent) => void;
  signal: AbortSignal;
  /** Milliseconds, for measuring only. */
  now: () => number;
}

/** Rows that decode at once: more fill a CPU's caches without decoding faster. */
const rowsAtOnce = 64;

/** `samples` attempts at each problem; a group is one problem, and the groups count from `firstGroup`. */
export function assign(problems: readonly ProblemRecord[], samples: number, firstGroup = 0): Assignment[] {
  return problems.flatMap((problem, place) =>
    Array.from({ length: samples }, (_, sample) => ({ problem, group: firstGroup + place, sample })),
  );
}

/** Writes the assigned episodes, and says on the way how far they are. */
export async function write(
  bench: Bench,
  request: Pick<RolloutRequest, "purpose" | "step" | "assignments" | "sampling">,
): Promise<RolloutReport> {
  const { config, models, tokenizer, sandbox, emit, signal } = bench;
  const { policy } = models;
  const [first] = request.assignments;
  const episode = `${request.purpose}/${request.step}/${first.group}/${first.sample}`;
  const onStage = request.purpose === "train";
  const report = await collect({
    ...request,
    policy,
    tokenizer,
    sandbox,
    signal,
    seed: config.seed,
    rows: Math.min(rowsAtOnce, policy.rowsAtMost(config.rollout.maxTokens)),
    limits: {
      ...config.rollout,
      outputCharacters: config.sandbox.outputCharacters,
      snippet: snippetLimits(config),
    },
    onStream: (piece) => {
      if (!onStage) return;
      const { question, answer } = first.problem;
      emit({ type: "stream", question, answer, pieces: [{ ...piece, episode }] });
    },
    onWaiting: (waiting) => {
      if (onStage) emit({ type: "phase", phase: waiting ? "run" : "write", step: request.step });
    },
    onEpisode: (done, total) => {
      emit({ type: "progress", task: onStage ? "rollout" : "evaluation", done, total });
    },
  });
  for (const record of report.episodes) {
    record.correction = findCorrection(record) ?? undefined;
    record.selfCorrection = record.correction?.succeeded ?? false;
  }
  return report;
}
