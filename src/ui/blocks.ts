/**
 * An episode as blocks to draw: what the policy wrote as text, as code, as answer, and what the interpreter said.
 * Made from a finished record's segments, or from the pieces of one that is still being written.
 */
import type { EpisodeRecord, SnippetStatus } from "../core/episode";
import type { StreamPiece } from "../core/events";

export interface Block {
  kind: "text" | "code" | "interpreter" | "answer";
  /** Without tags and fences. */
  text: string;
  /** For interpreter blocks of finished episodes; streamed ones are judged by their text. */
  status?: SnippetStatus;
  /** The last block of an episode that is still being written. */
  open?: boolean;
  /** Code that follows a failed snippet, differs from it and ran. */
  mended?: boolean;
}

const tags = /<\/?(?:code|interpreter|answer)>|<(?:bos|eos|pad)>/g;
const fence = /^\s*```(?:python|py)?[ \t]*\n?|\n?```\s*$/g;

/** Text without tags, fences and the blank lines around it. */
export function bare(text: string): string {
  return text
    .replace(tags, "")
    .replace(fence, "")
    .replace(/\\boxed\{([^}]*)\}?/g, "$1")
    .replace(/^\s*\n|\s+$/g, "");
}

/** The error's name and its message, where an interpreter's text is an error; the name is "" where it is not. */
export function errorOf(text: string): { name: string; message: string } {
  const line = text.trim().split("\n").at(-1) ?? "";
  const found = /^([A-Za-z_.]*(?:Error|Exception|Interrupt|Exit|Iteration)|Timeout|timeout)\b:?\s*(.*)$/.exec(line);
  return found ? { name: found[1], message: found[2] } : { name: "", message: "" };
}

/** A finished episode's blocks; the question is not among them. */
export function blocksOfEpisode(episode: EpisodeRecord): Block[] {
  const blocks: Block[] = [];
  for (const segment of episode.segments) {
    if (segment.kind === "question") continue;
    const turn = segment.turn === undefined ? undefined : episode.turns[segment.turn];
    const text = bare(segment.text);
    if (segment.kind === "interpreter") blocks.push({ kind: "interpreter", text, status: turn?.status });
    else if (segment.kind === "code") {
      const before = segment.turn ? episode.turns[segment.turn - 1] : undefined;
      const mended =
        turn?.status === "ok" && before !== undefined && before.status !== "ok" && before.code !== turn.code;
      blocks.push({ kind: "code", text, mended });
    } else if (text) blocks.push({ kind: segment.kind, text });
  }
  return blocks;
}

/** The blocks of what has been written so far. Pieces of the question are skipped. */
export function blocksOfPieces(pieces: readonly StreamPiece[]): Block[] {
  const blocks: Block[] = [];
  const now: { kind: Block["kind"]; text: string } = { kind: "text", text: "" };
  const turnTo = (next: Block["kind"]): void => {
    if (next === now.kind) return;
    const text = bare(now.text);
    if (text || now.kind === "interpreter") blocks.push({ kind: now.kind, text });
    now.kind = next;
    now.text = "";
  };
  for (const piece of pieces) {
    if (piece.source === "question") continue;
    if (piece.source === "interpreter") turnTo("interpreter");
    else if (now.kind === "interpreter") turnTo("text");
    now.text += piece.text;
    const tag = piece.source === "policy" ? /<(\/?)(code|answer)>/.exec(now.text) : null;
    if (!tag) continue;
    const rest = now.text.slice(tag.index + tag[0].length);
    now.text = now.text.slice(0, tag.index);
    turnTo(tag[1] ? "text" : tag[2] === "code" ? "code" : "answer");
    now.text = rest;
  }
  const text = bare(now.text);
  if (text || now.kind === "interpreter") blocks.push({ kind: now.kind, text, open: true });
  return blocks;
}
