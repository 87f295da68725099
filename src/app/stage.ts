/**
 * What the theatre shows of the stream. Training never waits for it: at the slow pace one episode is read out to its
 * end while newer ones go by, and the newest of them is taken next.
 */
import type { LabEvent, StreamPiece } from "../core/events";

export type Pace = "slow" | "live" | "finished";

export interface Act {
  episode: string;
  step: number;
  question: string;
  answer: number;
  pieces: StreamPiece[];
}

export interface Stage {
  pace: Pace;
  act: Act | null;
  /** The newest episode that came while `act` was being read. */
  next: Act | null;
  /** Pieces of `act` that are shown; a fraction is on its way. */
  shown: number;
  /** Milliseconds since the last piece was shown. */
  held: number;
}

export const emptyStage: Stage = { pace: "live", act: null, next: null, shown: 0, held: 0 };

/** About the speed of reading aloud. */
const tokensPerSecond = 14;
/** How long a finished episode stays, so that its reward and advantage can be read. */
const holdMilliseconds = { slow: 4000, live: 1500, finished: 0 };

type StreamEvent = Extract<LabEvent, { type: "stream" }>;

function extend(act: Act | null, event: StreamEvent, step: number): Act | null {
  let current = act;
  for (const piece of event.pieces) {
    if (current?.episode !== piece.episode) {
      current = { episode: piece.episode, step, question: event.question, answer: event.answer, pieces: [] };
    }
    if (piece.index > (current.pieces.at(-1)?.index ?? -1))
      current = { ...current, pieces: [...current.pieces, piece] };
  }
  return current;
}

/** Takes up new pieces, which are written in `step`. */
export function takeStream(stage: Stage, event: StreamEvent, step: number): Stage {
  const episode = event.pieces.at(0)?.episode;
  if (episode === undefined) return stage;
  if (!stage.act || stage.act.episode === episode) return { ...stage, act: extend(stage.act, event, step) };
  return { ...stage, next: extend(stage.next?.episode === episode ? stage.next : null, event, step) };
}

/** Lets `milliseconds` pass. Returns the same object where nothing changes. */
export function tick(stage: Stage, milliseconds: number): Stage {
  const { act, next } = stage;
  if (!act) return stage;
  const total = act.pieces.length;
  if (stage.shown < total) {
    const read = stage.shown + (milliseconds / 1000) * tokensPerSecond;
    return { ...stage, shown: stage.pace === "slow" ? Math.min(total, read) : total, held: 0 };
  }
  if (!next) return stage;
  const held = stage.held + milliseconds;
  return held < holdMilliseconds[stage.pace]
    ? { ...stage, held }
    : { ...stage, act: next, next: null, shown: 0, held: 0 };
}

/** The pieces of the act that are shown by now. */
export function shownPieces(stage: Stage): readonly StreamPiece[] {
  return stage.act?.pieces.slice(0, Math.floor(stage.shown)) ?? [];
}
