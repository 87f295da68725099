/**
 * Writes D_CI from D_init: which style a trace has, and what it says. The mixture has direct answers, worked text, one
 * code block, blocks that check the first by another program, and worked text with a stretch of it as code. No trace
 * corrects a snippet, or holds one that fails: self-correction has to emerge.
 */
import type { Rng } from "../../core/rng";
import type { Problem } from "../../tasks/task";
import { answerBlock, codeBlock, observationText } from "../../text/grammar";
import { initialLines } from "./initial";
import { rewrite } from "./rewrite";
import { type Mixture, type Trace, type TracePiece, type TraceStyle, traceStyles } from "./trace";

/** A worked solution in text and what was made of it. */
export interface Written {
  /** D_init: the lines of the worked solution. */
  initial: readonly string[];
  style: TraceStyle;
  /** D_CI; null where no stretch of the solution could be rewritten. */
  trace: Trace | null;
}

/** Draws a style with the mixture's weights. Throws a RangeError if all are 0. */
function drawStyle(mixture: Mixture, rng: Rng): TraceStyle {
  const total = traceStyles.reduce((sum, style) => sum + mixture[style], 0);
  if (total <= 0) throw new RangeError("every share of the cold start's mixture is 0; give at least one more than 0");
  let left = rng.float() * total;
  for (const style of traceStyles) {
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

const opening = "Let me compute.\n";

const say = (text: string): TracePiece => ({ text, source: "policy" });

const run = (program: string, output: string): TracePiece[] => [
  say(codeBlock(program)),
  { text: observationText(output), source: "interpreter" },
];

const paragraph = (lines: readonly string[]): TracePiece[] => (lines.length > 0 ? [say(`${lines.join("\n")}\n`)] : []);

/** Programs that solve the problem whole, by turns. Half of such traces say so first: there is text before code. */
function blocks(problem: Problem, style: "oneBlock" | "twoBlocks", rng: Rng): Pick<Trace, "pieces" | "programs"> {
  const said = rng.float() < 0.5 ? [say(opening)] : [];
  const programs = rng.shuffle(problem.programs);
  const checks = style === "oneBlock" ? 0 : rng.float() < secondCheck ? 2 : 1;
  const written = Array.from({ length: checks + 1 }, (_, block) => programs[block % programs.length]);
  return {
    pieces: [...said, ...written.flatMap((program) => run(program, String(problem.answer)))],
    programs: written,
  };
}

/** Thinks in text, computes in code, and goes on in text. */
function rewritten(problem: Problem, initial: readonly string[]): Pick<Trace, "pieces" | "programs"> | null {
  const made = rewrite(problem.question, initial);
  if (!made) return null;
  const { before, program, output, after } = made;
  const first = before.length > 0 ? paragraph(before) : [say(opening)];
  const rest = after.length > 0 ? after : [`so ${output}`];
  return { pieces: [...first, ...run(program, output), ...paragraph(rest)], programs: [program] };
}

function body(problem: Problem, style: TraceStyle, initial: readonly string[], rng: Rng) {
  switch (style) {
    case "direct":
      return { pieces: [], programs: [] };
    case "worked":
      return { pieces: paragraph(initial), programs: [] };
    case "oneBlock":
    case "twoBlocks":
      return blocks(problem, style, rng);
    case "rewritten":
      return rewritten(problem, initial);
    default:
      return style satisfies never;
  }
}

/** Writes a trace of a style. @param exploration share of worked solutions that hold a failed exploration */
export function writeTrace(problem: Problem, style: TraceStyle, rng: Rng, exploration = 0): Written {
  // Where text is shown, it is drawn from the trace's own stream; elsewhere it must not move that stream on.
  const pick = style === "worked" || style === "rewritten" ? rng : rng.fold("initial");
  const initial = initialLines(problem, exploration, pick, rng.fold("exploration"));
  const made = body(problem, style, initial, rng);
  if (!made) return { initial, style, trace: null };
  const { pieces, programs } = made;
  return { initial, style, trace: { problem, style, pieces: [...pieces, say(answerBlock(problem.answer))], programs } };
}

/** Draws a style and writes a trace of it. Throws a RangeError for a mixture of nothing. */
export function drawTrace(problem: Problem, mixture: Mixture & { exploration: number }, rng: Rng): Written {
  return writeTrace(problem, drawStyle(mixture, rng), rng, mixture.exploration);
}
