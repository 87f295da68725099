/**
 * The grammar of an episode (paper, section 2.2), written once:
 *
 *     <bos>question \n
 *     text <code>\n```python\n program \n```\n</code>      sampled; the closing tag hands over to the sandbox
 *     \n<interpreter>\n output \n</interpreter>\n\n          inserted; mask 0
 *     ... <answer>\n\boxed{42}\n</answer><eos>               sampled
 *
 * The tags are single tokens of the vocabulary, so "the policy closed the code block" is one id, not a search.
 */
import type { SnippetStatus } from "../core/episode";

/** In the order of their ids. */
export const specialTokens = [
  "<pad>",
  "<bos>",
  "<eos>",
  "<code>",
  "</code>",
  "<interpreter>",
  "</interpreter>",
  "<answer>",
  "</answer>",
] as const;

export type SpecialToken = (typeof specialTokens)[number];

/** What the policy is given. */
export function promptText(question: string): string {
  return `<bos>${question}\n`;
}

/** A snippet as the policy is shown to write it. */
export function codeBlock(program: string): string {
  return `<code>\n\`\`\`python\n${program}\n\`\`\`\n</code>`;
}

/** The end of a solution. */
export function answerBlock(answer: number): string {
  return `<answer>\n\\boxed{${answer}}\n</answer><eos>`;
}

/** The program between `<code>` and `</code>`: what the fences hold, or all of it where they are missing. */
export function programIn(block: string): string {
  const fenced = /^\s*```(?:python|py)?[^\S\n]*\n([\s\S]*?)\n?```\s*$/.exec(block);
  return fenced ? fenced[1] : block.replace(/^\n/, "").replace(/\n$/, "");
}

/** Keeps the first and last half of a text that is too long (official evaluation code: first + "..." + last). */
export function cutMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  return `${text.slice(0, half)}...${text.slice(text.length - half)}`;
}

/**
 * What the policy reads of a snippet's outcome, between the interpreter tags: what was printed, then the error's
 * last line. Never blank, so that silence cannot be mistaken for a missing result.
 */
export function outputText(result: { status: SnippetStatus; stdout: string; error: string }, limit: number): string {
  const printed = result.stdout.replace(/\n+$/, "");
  const parts = [printed, result.error].filter((part) => part.trim() !== "");
  return parts.length === 0 ? "(no output)" : cutMiddle(parts.join("\n"), limit);
}

/** The pieces of an observation around its output, which is tokenised apart so that it cannot forge a tag. */
export const observationFrame = { before: "\n<interpreter>\n", after: "\n</interpreter>\n\n" } as const;

/** An observation as text, tags included. */
export function observationText(output: string): string {
  return observationFrame.before + output + observationFrame.after;
}

/**
 * The answer in the policy's own words: what the last box holds whose braces balance. Null where there is none, or where
 * that is no whole number: an earlier box is not what was answered. `text` is what stands inside the answer tags; AIME's
 * leading zeros ("036") are read as 36.
 */
export function boxedAnswer(text: string): number | null {
  const opening = "\\boxed{";
  for (let at = text.lastIndexOf(opening); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(opening, at - 1)) {
    const content = balanced(text, at + opening.length);
    if (content !== null) return /^\s*-?\d{1,9}\s*$/.test(content) ? Number(content) : null;
  }
  return null;
}

/** What stands before the brace that closes the one before `start`; null where none does. */
function balanced(text: string, start: number): string | null {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}") depth--;
    if (depth === 0) return text.slice(start, at);
  }
  return null;
}
