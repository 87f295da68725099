/**
 * The two verifications of a cold-start trace (paper, section 2.2). Format: its tokens read back as it was meant, so
 * that the trigger is detectable. Answer: it is right, and every snippet is really run and prints what the trace says,
 * to the letter.
 */
import type { DropReason } from "../../core/cold-start";
import { FaultError, type Fault } from "../../core/result";
import type { Sandbox, SnippetLimits } from "../../sandbox/sandbox";
import { codeBlock, observationText, outputText, promptText } from "../../text/grammar";
import type { Tokenizer } from "../../text/tokenizer";
import { readAnswer, segmentsOf } from "../../text/transcript";
import type { TokenTrace, Trace } from "./trace";

const sandboxFailed: Fault = {
  at: "sandbox",
  code: "crash",
  message: "The sandbox failed twice on a program of a trace, so the traces cannot be verified.",
  hint: "Close other pages, or lower the number of sandbox workers, and make the cold start again.",
};

export interface VerifyingTools {
  tokenizer: Tokenizer;
  sandbox: Sandbox;
  limits: SnippetLimits;
  /** Characters of output that the policy reads. */
  outputCharacters: number;
  /** What an episode may have: a longer trace would teach what it can never write. */
  maxTokens: number;
  maxSnippets: number;
}

/** Tags that the lab inserts: a trace that has the policy write them would teach it to forge them. */
const insertedTags = ["<pad>", "<bos>", "<interpreter>", "</interpreter>"] as const;

function forges({ ids, mask }: TokenTrace, { special }: Tokenizer): boolean {
  const inserted = new Set<number>(insertedTags.map((tag) => special[tag]));
  return ids.some((id, t) => mask[t] === 1 && inserted.has(id));
}

/** Format verification: the tokens read back as the problem, the programs and the outputs of the trace. */
function hasFormat(trace: Trace, tokens: TokenTrace, tokenizer: Tokenizer): boolean {
  const segments = segmentsOf(tokens, [], tokenizer);
  const blocks = segments.filter(({ kind }) => kind === "code").map(({ text }) => text);
  const outputs = segments.filter(({ kind }) => kind === "interpreter").length;
  return (
    segments[0]?.text === promptText(trace.problem.question) &&
    // It ends there, and nowhere before.
    tokens.ids.indexOf(tokenizer.special["<eos>"]) === tokens.ids.length - 1 &&
    !forges(tokens, tokenizer) &&
    outputs === trace.programs.length &&
    blocks.length === trace.programs.length &&
    blocks.every((block, i) => block === codeBlock(trace.programs[i]))
  );
}

/**
 * Both verifications. Resolves to why the trace is dropped, or null if it stands.
 *
 * @throws FaultError at "sandbox" where that failed: the trace is not to blame, and without code there is no cold start
 */
export async function verifyTrace(
  trace: Trace,
  tokens: TokenTrace,
  { tokenizer, sandbox, limits, outputCharacters, maxTokens, maxSnippets }: VerifyingTools,
): Promise<DropReason | null> {
  if (tokens.ids.length > maxTokens || trace.programs.length > maxSnippets) return "length";
  if (!hasFormat(trace, tokens, tokenizer)) return "format";
  if (readAnswer(tokens, tokenizer) !== trace.problem.answer) return "answer";
  const expected = trace.pieces.filter(({ source }) => source === "interpreter").map(({ text }) => text);
  const results = await Promise.all(trace.programs.map((program) => sandbox.run(program, limits)));
  if (results.some(({ status }) => status === "crash")) throw new FaultError(sandboxFailed);
  const same = results.every((result, i) => {
    return result.status === "ok" && observationText(outputText(result, outputCharacters)) === expected[i];
  });
  return same ? null : "output";
}
