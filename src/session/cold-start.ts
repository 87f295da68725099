/** The cold start of a run (paper, section 2.2): its traces, the factory's or the reader's own, and learning from them. */
import type { LabConfig } from "../config/schema";
import { snippetLimits } from "../config/snippet-limits";
import type { ColdStartCounts, TraceRecord } from "../core/cold-start";
import type { LabEvent } from "../core/events";
import { FaultError } from "../core/result";
import { makeRng, type Rng } from "../core/rng";
import { coldStart, heldOutLoss, supervisedSteps } from "../learn/sft";
import { type Made, makeColdStartData, makeTrace, type Recipe, verifyOwnTraces } from "../rollout/cold-start/factory";
import { messagesOf, parseTraces } from "../rollout/cold-start/messages";
import type { TokenTrace } from "../rollout/cold-start/trace";
import type { VerifyingTools } from "../rollout/cold-start/verify";
import { curriculumOf } from "../tasks/curriculum";
import type { ColdStartReport, OwnTraces } from "./api";
import type { Workbench } from "./workbench";

/** What a cold start learns from, and what it is measured on. */
interface ColdStartData {
  source: string;
  traces: readonly TokenTrace[];
  heldOut: readonly TokenTrace[];
  counts: ColdStartCounts;
}

type Emit = (event: LabEvent) => void;

const streamOf = ({ seed }: LabConfig): Rng => makeRng(seed).fold("cold-start");

/** Lines of the reader's file that are named where none stands. */
const mostTold = 5;

/** At most this share of the reader's own traces is held out. */
const ownHeldOut = 0.1;

function recordOf({ problem, initial, style, trace, tokens, dropped }: Made, number: number): TraceRecord {
  const { id, family, kind, level, question, answer } = problem;
  return {
    number,
    problem: { id, family, kind, level, question, answer },
    initial,
    style,
    pieces: trace?.pieces ?? null,
    messages: trace && messagesOf(trace),
    tokens: tokens?.ids.length ?? 0,
    dropped,
  };
}

/** Where the traces of a run come from. */
export class TraceSource {
  readonly #workbench: Workbench;
  #own: { title: string; traces: readonly TokenTrace[]; counts: ColdStartCounts } | null = null;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Those with the numbers from `first` on; each is verified. */
  async show(first: number, count: number): Promise<TraceRecord[]> {
    const [recipe, tools] = [this.#recipe("data"), this.#tools()];
    const numbers = Array.from({ length: count }, (_, i) => first + i);
    return Promise.all(numbers.map(async (number) => recordOf(await makeTrace(recipe, number, tools), number)));
  }

  /** Takes the reader's own traces. Throws a FaultError that names the line that is wrong, or where none stands. */
  async load(title: string, text: string): Promise<OwnTraces> {
    const { traces, counts, droppedLines } = await verifyOwnTraces(parseTraces(text), this.#tools());
    if (traces.length === 0) {
      const first = droppedLines.slice(0, mostTold).map(({ line, why }) => `line ${line} (${why})`);
      const others = droppedLines.length > mostTold ? `, and ${droppedLines.length - mostTold} more` : "";
      const message = `None of the traces of ${title} stands: ${first.join(", ")}${others}.`;
      const hint = "Every snippet must print what the trace says, and the answer must be in its tags.";
      throw new FaultError({ at: "config", code: "traces", message, hint });
    }
    this.#own = { title, traces, counts };
    return { title, traces: traces.length, dropped: droppedLines };
  }

  /** All that a cold start needs. Breaks off where `signal` says so. */
  async data(signal: AbortSignal, emit: Emit): Promise<ColdStartData> {
    const { traces, heldOut } = this.#workbench.config.coldStart;
    if (this.#own) {
      const { title, traces: own, counts } = this.#own;
      const kept = own.length - Math.min(heldOut, Math.floor(own.length * ownHeldOut));
      return { source: title, traces: own.slice(0, kept), heldOut: own.slice(kept), counts };
    }
    const tools = this.#tools();
    const made = await makeColdStartData(this.#recipe("data"), traces, tools, (done, total) => {
      signal.throwIfAborted();
      emit({ type: "progress", task: "cold-start-data", done, total });
    });
    const kept = await makeColdStartData(this.#recipe("held-out"), heldOut, tools);
    return { source: "the factory", traces: made.traces, heldOut: kept.traces, counts: made.counts };
  }

  #recipe(stream: "data" | "held-out"): Recipe {
    const { config } = this.#workbench;
    const { shown, wordings, reserved } = curriculumOf(config);
    return {
      problems: { families: shown, wordings, exclude: reserved },
      mixture: config.coldStart,
      rng: streamOf(config).fold(stream),
    };
  }

  #tools(): VerifyingTools {
    const { config, tokenizer, sandbox } = this.#workbench;
    return {
      tokenizer,
      sandbox,
      limits: snippetLimits(config),
      outputCharacters: config.sandbox.outputCharacters,
      maxTokens: config.rollout.maxTokens,
      maxSnippets: config.rollout.maxSnippets,
    };
  }
}

/** The held-out loss is measured so many times on the way. */
const measurements = 10;

/** Trains the workbench's policy on the traces. */
export async function trainColdStart(
  { config, policy, tokenizer }: Workbench,
  { source, traces, heldOut, counts }: ColdStartData,
  signal: AbortSignal,
  emit: Emit,
): Promise<Omit<ColdStartReport, "evaluation">> {
  const settings = config.coldStart;
  const padding = tokenizer.special["<pad>"];
  const steps = supervisedSteps(settings, traces.length);
  const every = Math.max(1, Math.floor(steps / measurements));
  const found: { finalLoss: number; heldOutLoss: number | null } = { finalLoss: 0, heldOutLoss: null };
  await coldStart(policy, traces, settings, padding, streamOf(config), async (step, loss) => {
    signal.throwIfAborted();
    found.finalLoss = loss;
    const isMeasured = heldOut.length > 0 && (step % every === 0 || step === steps);
    if (isMeasured) found.heldOutLoss = await heldOutLoss(policy, heldOut, settings.batch, padding);
    const measured = isMeasured && found.heldOutLoss !== null ? { heldOutLoss: found.heldOutLoss } : {};
    emit({ type: "cold-start", step, loss, ...measured });
    emit({ type: "progress", task: "cold-start", done: step, total: steps });
  });
  return { source, traces: traces.length, counts, steps, epochs: (steps * settings.batch) / traces.length, ...found };
}
