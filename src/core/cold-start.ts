/** What a cold start's factory and its training found, as plain data: shown on the page, kept beside a checkpoint. */
import type { ProblemRecord } from "./episode";

/** Why a trace is dropped: `rewriting` where no stretch of its solution could become code, else what was not verified. */
export const dropReasons = ["format", "answer", "output", "length", "rewriting"] as const;
export type DropReason = (typeof dropReasons)[number];

/** How many traces stand, and how many do not. */
export interface ColdStartCounts {
  /** By style. */
  kept: Record<string, number>;
  /** By reason. */
  dropped: Record<string, number>;
  /** By family. */
  families: Record<string, { kept: number; dropped: number }>;
}

/** A trace of a reader's own file that does not stand. */
export interface DroppedLine {
  /** In the file, from 1 on; of a Parquet table its row. */
  line: number;
  why: DropReason;
}

/** The name of the tool by which a trace in messages runs its snippets. */
export const interpreterTool = "code_interpreter";

/** What verl hands to the chat template as `tools`. */
export const offeredTools = [
  {
    type: "function",
    function: {
      name: interpreterTool,
      description: "Runs a Python script in a fresh interpreter and returns what it printed.",
      parameters: {
        type: "object",
        properties: { code: { type: "string", description: "The whole script." } },
        required: ["code"],
      },
    },
  },
] as const;

/** A message of a trace in the layout of verl's multi-turn SFT sets. */
export type Message =
  | { role: "user" | "tool"; content: string }
  | {
      role: "assistant";
      content: string;
      /** At most one: snippets follow one another. */
      tool_calls?:
        { type: "function"; function: { name: typeof interpreterTool; arguments: { code: string } } }[] | null;
    };

/** A trace on its way from D_init to D_CI (paper, section 2.2). */
export interface TraceRecord {
  /** Its place in the stream of traces. */
  number: number;
  problem: ProblemRecord;
  /** D_init: the lines of the worked solution. */
  initial: readonly string[];
  /** What D_CI makes of it: direct, worked, oneBlock, twoBlocks or rewritten. */
  style: string;
  /** D_CI: what the policy is to write, and what the sandbox says; null where no stretch could become code. */
  pieces: readonly { text: string; source: "policy" | "interpreter" }[] | null;
  /** The same as messages, for files. */
  messages: readonly Message[] | null;
  /** Tokens with the question. */
  tokens: number;
  /** Why it was dropped; null where it stands. */
  dropped: DropReason | null;
}
