/**
 * The cold-start factory (paper, section 2.2): draws problems, writes D_init, makes D_CI of it, verifies it, and counts
 * what stands and what does not. A trace is a function of the stream and its number: the page shows the same that
 * training learns from.
 */
import type { Rng } from "../../core/rng";
import { type ColdStartCounts, type DroppedLine, type DropReason, dropReasons } from "../../core/cold-start";
import { sampleProblem, type SampleOptions } from "../../tasks/sample";
import type { Problem } from "../../tasks/task";
import type { FiledTrace } from "./messages";
import { type Mixture, type TokenTrace, tokeniseTrace, type Trace, type TraceStyle, traceStyles } from "./trace";
import { verifyTrace, type VerifyingTools } from "./verify";
import { drawTrace, type Written } from "./writer";

/** What to write traces of: the families that are shown, how they are worded, and keys (`keysOf`) of problems that stay unseen. */
export type ColdStartProblems = Required<Pick<SampleOptions, "families" | "wordings" | "exclude">>;

/** What becomes of every number of the stream. */
export interface Recipe {
  problems: ColdStartProblems;
  mixture: Mixture & { exploration: number };
  /** The data's own stream. */
  rng: Rng;
}

/** One trace on its way through the factory. */
export interface Made extends Written {
  problem: Problem;
  /** Null where there is no trace. */
  tokens: TokenTrace | null;
  /** Why it was dropped; null where it stands. */
  dropped: DropReason | null;
}

/** Writes and verifies the trace with that number. */
export async function makeTrace(recipe: Recipe, number: number, tools: VerifyingTools): Promise<Made> {
  const own = recipe.rng.fold("trace", number);
  const problem = sampleProblem(own.fold("problem"), recipe.problems);
  const written = drawTrace(problem, recipe.mixture, own);
  const { trace } = written;
  if (!trace) return { ...written, problem, tokens: null, dropped: "rewriting" };
  const tokens = tokeniseTrace(trace, tools.tokenizer);
  return { ...written, problem, tokens, dropped: await verifyTrace(trace, tokens, tools) };
}

export interface ColdStartData {
  traces: TokenTrace[];
  counts: ColdStartCounts;
}

const noCounts = (): ColdStartCounts => ({
  kept: Object.fromEntries(traceStyles.map((style) => [style, 0])),
  dropped: Object.fromEntries(dropReasons.map((reason) => [reason, 0])),
  families: {},
});

function count(
  counts: ColdStartCounts,
  problem: Trace["problem"],
  style: TraceStyle,
  dropped: DropReason | null,
): void {
  const family = (counts.families[problem.family] ??= { kept: 0, dropped: 0 });
  if (dropped === null) {
    family.kept++;
    counts.kept[style]++;
  } else {
    family.dropped++;
    counts.dropped[dropped]++;
  }
}

/** Traces that are verified side by side, so that the sandbox always has work. */
const verifiedAtOnce = 64;

/** Makes D_CI: the first `size` traces of the stream, those that stand. Reports progress after every batch. */
export async function makeColdStartData(
  recipe: Recipe,
  size: number,
  tools: VerifyingTools,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<ColdStartData> {
  const data: ColdStartData = { traces: [], counts: noCounts() };
  for (let from = 0; from < size; from += verifiedAtOnce) {
    const numbers = Array.from({ length: Math.min(verifiedAtOnce, size - from) }, (_, i) => from + i);
    for (const made of await Promise.all(numbers.map((number) => makeTrace(recipe, number, tools)))) {
      count(data.counts, made.problem, made.style, made.dropped);
      if (made.tokens && made.dropped === null) data.traces.push(made.tokens);
    }
    onProgress(from + numbers.length, size);
  }
  return data;
}

/** Verifies traces that were made elsewhere; keeps those that stand, and says of the others where they are and why. */
export async function verifyOwnTraces(
  own: readonly FiledTrace[],
  tools: VerifyingTools,
): Promise<ColdStartData & { droppedLines: DroppedLine[] }> {
  const data: ColdStartData = { traces: [], counts: noCounts() };
  const droppedLines: DroppedLine[] = [];
  for (let from = 0; from < own.length; from += verifiedAtOnce) {
    const some = own
      .slice(from, from + verifiedAtOnce)
      .map(({ line, trace }) => ({ line, trace, tokens: tokeniseTrace(trace, tools.tokenizer) }));
    const verdicts = await Promise.all(some.map(({ trace, tokens }) => verifyTrace(trace, tokens, tools)));
    some.forEach(({ line, trace, tokens }, i) => {
      const why = verdicts[i];
      count(data.counts, trace.problem, trace.style, why);
      if (why === null) data.traces.push(tokens);
      else droppedLines.push({ line, why });
    });
  }
  return { ...data, droppedLines };
}
