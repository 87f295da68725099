/**
 * Reading a transcript of token ids: where its question, text, code, interpreter output and answer stand, and
 * what the policy answered. Only ids and mask are read, never text that was tokenised again.
 */
import type { Segment, Span, Turn } from "../core/episode";
import { boxedAnswer } from "./grammar";
import type { Tokenizer } from "./tokenizer";

/** The part of an episode that this file reads. */
export interface Transcript {
  ids: readonly number[];
  /** 1 where the policy sampled the token. */
  mask: readonly number[];
  promptLength: number;
}

/**
 * The answer, read from the policy's own tokens only (a program that prints `\boxed{}` must not score): the last box in
 * complete `<answer>...</answer>` blocks outside of code. Null where there is none.
 */
export function readAnswer(transcript: Transcript, tokenizer: Tokenizer): number | null {
  const closing = tokenizer.special["</answer>"];
  const answers = segmentsOf(transcript, [], tokenizer)
    .filter(({ kind, span }) => kind === "answer" && transcript.ids[span[1] - 1] === closing)
    .map(({ text }) => text);
  return boxedAnswer(answers.join("\n"));
}

/**
 * The code block that the last token closes: its span (tags included) and text between the tags, or null if no
 * `<code>` has been sampled since the last interpreter output.
 */
export function closedCodeBlock(transcript: Transcript, tokenizer: Tokenizer): { span: Span; text: string } | null {
  const { ids, mask } = transcript;
  const end = ids.length;
  for (let i = end - 2; i >= transcript.promptLength; i--) {
    if (mask[i] === 0) return null;
    if (ids[i] === tokenizer.special["<code>"]) {
      return { span: [i, end], text: tokenizer.decode(ids.slice(i + 1, end - 1)) };
    }
  }
  return null;
}

/**
 * Cuts a transcript into stretches of one meaning. Their spans follow one another and cover all ids. Code and
 * interpreter segments name the turn whose span they stand in; code that was never closed belongs to none. Inside
 * code no other tag means anything, as inside interpreter output.
 */
export function segmentsOf(
  transcript: Transcript,
  turns: readonly Pick<Turn, "codeSpan" | "observationSpan">[],
  tokenizer: Tokenizer,
): Segment[] {
  const { ids, mask, promptLength } = transcript;
  const { special } = tokenizer;
  const segments: Segment[] = [];
  const opening = new Map<number, Segment["kind"]>([
    [special["<code>"], "code"],
    [special["<answer>"], "answer"],
  ]);
  const closing: Partial<Record<Segment["kind"], number>> = { code: special["</code>"], answer: special["</answer>"] };
  let kind: Segment["kind"] = "question";
  let start = 0;
  const close = (end: number): void => {
    if (end === start) return;
    const segment: Segment = { kind, text: tokenizer.decode(ids.slice(start, end)), span: [start, end] };
    const turn = turns.findIndex(({ codeSpan, observationSpan }) => start >= codeSpan[0] && end <= observationSpan[1]);
    segments.push(turn >= 0 && (kind === "code" || kind === "interpreter") ? { ...segment, turn } : segment);
    start = end;
  };
  for (let i = 0; i < ids.length; i++) {
    if (i === promptLength) {
      close(i);
      kind = "text";
    }
    if (i < promptLength) continue;
    if (mask[i] === 0 && kind !== "interpreter") {
      close(i);
      kind = "interpreter";
    } else if (mask[i] === 1 && kind === "interpreter") {
      close(i);
      kind = "text";
    }
    if (mask[i] === 0) continue;
    const opened: Segment["kind"] | undefined = kind === "code" ? undefined : opening.get(ids[i]);
    if (opened) {
      close(i);
      kind = opened;
    } else if (ids[i] === closing[kind]) {
      close(i + 1);
      kind = "text";
    }
  }
  close(ids.length);
  return segments;
}
