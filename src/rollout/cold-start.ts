/**
 * The cold start's data D_CI (paper, section 2.2): traces in the episode grammar, written by a script from each
 * problem's worked solutions and programs, then verified twice. Format: the trace must read back as it was meant.
 * Answer: every snippet is really run, its output must equal the trace to the letter, and the answer must be right.
 *
 * The mixture has direct answers, worked text, one code block, and blocks that check the first by another program. No
 * trace corrects an error, or holds one: self-correction has to emerge.
 */
import type { LabConfig } from "../config/schema";
import type { Rng } from "../core/rng";
import type { Sandbox, SnippetLimits } from "../sandbox/sandbox";
import { sampleProblem } from "../tasks/sample";
import type { Problem } from "../tasks/task";
import { answerBlock, codeBlock, observationFrame, observationText, outputText, promptText } from "../text/grammar";
import type { Tokenizer } from "../text/tokenizer";
import { readAnswer, segmentsOf } from "../text/transcript";

export type Mixture = Pick<LabConfig["coldStart"], "direct" | "worked" | "oneBlock" | "twoBlocks">;
export type TraceStyle = keyof Mixture;

/** A trace as a list of pieces: what the policy is to write, and what the sandbox is expected to answer. */
export interface Trace {
  problem: Problem;
  style: TraceStyle;
  pieces: { text: string; source: "policy" | "interpreter" }[];
  programs: string[];
}

/** A verified trace, ready to be learned from. */
export interface TokenTrace {
  ids: number[];
  /** 1 for tokens the policy is to write. */
  mask: number[];
  promptLength: number;
}

export type DropReason = "format" | "answer" | "output" | "length";

/** Draws a style with the mixture's weights, which need not sum to 1. Throws a RangeError if all are 0. */
function drawStyle(mixture: Mixture, rng: Rng): TraceStyle {
  const styles = ["direct", "worked", "oneBlock", "twoBlocks"] as const;
  const total = styles.reduce((sum, style) => sum + mixture[style], 0);
  if (total <= 0) throw new RangeError("every share of the cold start's mixture is 0; give at least one more than 0");
  let left = rng.float() * total;
  for (const style of styles) {
    left -= mixture[style];
    if (left < 0) return style;
  }
  return "direct";
}

/**
 * Share of the checked traces that check twice. Were it always once, "the second output is the last" would be learned,
 * and a policy that has read an error would think it its turn to answer.
 */
const secondCheck = 0.3;

/** Writes one trace for a problem. Half of the traces with code say so first: there is text before code. */
export function writeTrace(problem: Problem, style: TraceStyle, rng: Rng): Trace {
  const pieces: Trace["pieces"] = [];
  const say = (text: string): void => void pieces.push({ text, source: "policy" });
  const written: string[] = [];
  const run = (program: string): void => {
    say(codeBlock(program));
    written.push(program);
    pieces.push({ text: observationText(String(problem.answer)), source: "interpreter" });
  };
  switch (style) {
    case "direct":
      break;
    case "worked":
      say(`${rng.pick(problem.worked)}\n`);
      break;
    case "oneBlock":
    case "twoBlocks": {
      if (rng.float() < 0.5) say("Let me compute.\n");
      const programs = rng.shuffle(problem.programs);
      const checks = style === "oneBlock" ? 0 : rng.float() < secondCheck ? 2 : 1;
      for (let block = 0; block <= checks; block++) run(programs[block % programs.length]);
      break;
    }
    default:
      style satisfies never;
  }
  say(answerBlock(problem.answer));
  return { problem, style, pieces, programs: written };
}

/** The trace's token ids and mask; interpreter text is tokenised as in a rollout. */
export function tokeniseTrace(trace: Trace, tokenizer: Tokenizer): TokenTrace {
  const ids = tokenizer.encode(promptText(trace.problem.question));
  const promptLength = ids.length;
  const mask = ids.map(() => 0);
  for (const { text, source } of trace.pieces) {
    const output = text.slice(observationFrame.before.length, -observationFrame.after.length);
    const piece =
      source === "policy"
        ? tokenizer.encode(text)
        : [
            ...tokenizer.encode(observationFrame.before),
            ...tokenizer.encodeAsPlainText(output),
            ...tokenizer.encode(observationFrame.after),
          ];
    ids.push(...piece);
    mask.push(...piece.map(() => (source === "policy" ? 1 : 0)));
  }
  return { ids, mask, promptLength };
}

/** Format verification: the tokens read back as the problem, the programs and the outputs of the trace. */
function hasFormat(trace: Trace, tokens: TokenTrace, tokenizer: Tokenizer): boolean {
  const segments = segmentsOf(tokens, [], tokenizer);
  const blocks = segments.filter(({ kind }) => kind === "code").map(({ text }) => text);
  const outputs = segments.filter(({ kind }) => kind === "interpreter").length;
  return (
    segments[0]?.text === promptText(trace.problem.question) &&
    tokens.ids.at(-1) === tokenizer.special["<eos>"] &&
    outputs === trace.programs.length &&
    blocks.length === trace.programs.length &&
    blocks.every((block, i) => block === codeBlock(trace.programs[i]))
  );
}

/** Both verifications. Resolves to why the trace is dropped, or null if it stands. */
export async function verifyTrace(
  trace: Trace,
  tokens: TokenTrace,
  { tokenizer, sandbox, limits, outputCharacters, maxTokens }: ColdStartTools,
): Promise<DropReason | null> {
  if (tokens.ids.length > maxTokens) return "length";
  if (!hasFormat(trace, tokens, tokenizer)) return "format";
  if (readAnswer(tokens, tokenizer) !== trace.problem.answer) return "answer";
  const expected = trace.pieces.filter(({ source }) => source === "interpreter").map(({ text }) => text);
  const results = await Promise.all(trace.programs.map((program) => sandbox.run(program, limits)));
  const same = results.every((result, i) => {
    return result.status === "ok" && observationText(outputText(result, outputCharacters)) === expected[i];
  });
  return same ? null : "output";
}

export interface ColdStartTools {
  tokenizer: Tokenizer;
  sandbox: Sandbox;
  limits: SnippetLimits;
  /** Characters of output that the policy reads. */
  outputCharacters: number;
  maxTokens: number;
}

/** What to write traces of. */
export interface ColdStartProblems {
  /** Names of the families that are shown. */
  families: readonly string[];
  /** Numbers (`numbersKey`) that stay unseen. */
  exclude: ReadonlySet<string>;
}

export interface ColdStartData {
  traces: TokenTrace[];
  /** Traces of each style that stand. */
  kept: Record<TraceStyle, number>;
  /** Traces that were dropped, by reason. */
  dropped: Record<DropReason, number>;
}

/** Traces that are verified side by side, so that the sandbox always has work. */
const verifiedAtOnce = 64;

/** Makes D_CI: `count` traces drawn and verified. Reports progress after every batch. */
export async function makeColdStartData(
  count: number,
  problems: ColdStartProblems,
  mixture: Mixture,
  rng: Rng,
  tools: ColdStartTools,
  onProgress: (done: number, total: number) => void,
): Promise<ColdStartData> {
  const data: ColdStartData = {
    traces: [],
    kept: { direct: 0, worked: 0, oneBlock: 0, twoBlocks: 0 },
    dropped: { format: 0, answer: 0, output: 0, length: 0 },
  };
  for (let from = 0; from < count; from += verifiedAtOnce) {
    const size = Math.min(verifiedAtOnce, count - from);
    const drawn = Array.from({ length: size }, (_, i) => {
      const own = rng.fold("trace", from + i);
      const trace = writeTrace(sampleProblem(own.fold("problem"), problems), drawStyle(mixture, own), own);
      return { trace, tokens: tokeniseTrace(trace, tools.tokenizer) };
    });
    const reasons = await Promise.all(drawn.map(({ trace, tokens }) => verifyTrace(trace, tokens, tools)));
    drawn.forEach(({ trace, tokens }, i) => {
      const reason = reasons[i];
      if (reason === null) {
        data.traces.push(tokens);
        data.kept[trace.style]++;
      } else data.dropped[reason]++;
    });
    onProgress(from + size, count);
  }
  return data;
}
