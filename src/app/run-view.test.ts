import { describe, expect, test } from "vitest";
import type { LabEvent, StreamPiece } from "../core/events";
import { EpisodeStore } from "./episode-store";
import { emptyRun, type RunView, takeEvent } from "./run-view";
import { shownPieces, tick } from "./stage";

const fold = (events: LabEvent[], episodes = new EpisodeStore(), start: RunView = emptyRun): RunView =>
  events.reduce((view, event) => takeEvent(view, event, episodes), start);

const piece = (episode: string, index: number): LabEvent => {
  const pieces: StreamPiece[] = [{ episode, index, text: `t${index} `, source: "policy", probability: 0.5 }];
  return { type: "stream", question: `of ${episode}`, answer: 1, pieces };
};

describe("a run as the page sees it", () => {
  test("a row that comes again replaces the earlier one of its step", () => {
    const { rows } = fold([
      { type: "metrics", row: { step: 1, episodes: 64, values: { reward: 0 } } },
      { type: "metrics", row: { step: 2, episodes: 128, values: { reward: 0.1 } } },
      { type: "metrics", row: { step: 2, episodes: 128, values: { reward: 0.1, accuracy: 0.5 } } },
    ]);
    expect(rows.map(({ step, values }) => [step, values.accuracy])).toEqual([
      [1, undefined],
      [2, 0.5],
    ]);
  });

  test("a smaller step begins a new run: the old one's rows go, notices of the machine stay", () => {
    const view = fold([
      { type: "notice", code: "no-webgpu", message: "" },
      { type: "state", state: "running", step: 3 },
      { type: "metrics", row: { step: 3, episodes: 192, values: { reward: 0 } } },
      { type: "state", state: "ready", step: 0 },
    ]);
    expect(view).toMatchObject({ state: "ready", step: 0, rows: [], notices: [{ code: "no-webgpu", count: 1 }] });
  });

  test("a fault keeps the run's data, and going on clears it", () => {
    const fault = { at: "backend", code: "lost", message: "m", hint: "h" } as const;
    const failed = fold([
      { type: "metrics", row: { step: 1, episodes: 64, values: { reward: 0 } } },
      { type: "state", state: "failed", step: 1 },
      { type: "fault", fault },
    ]);
    expect(failed).toMatchObject({ state: "failed", fault, rows: [{ step: 1 }] });
    expect(fold([{ type: "state", state: "running", step: 1 }], new EpisodeStore(), failed).fault).toBeNull();
  });
});

describe("the theatre", () => {
  test("at the slow pace reads one episode to its end, then takes the newest", () => {
    const slow = { ...emptyRun, stage: { ...emptyRun.stage, pace: "slow" as const } };
    const events = [piece("a", 5), piece("a", 6), piece("b", 5), piece("c", 5), piece("c", 6)];
    let { stage } = fold(events, new EpisodeStore(), slow);
    expect(stage.act?.episode).toBe("a");
    stage = tick(stage, 80);
    expect(shownPieces(stage)).toHaveLength(1);
    for (let i = 0; i < 20; i++) stage = tick(stage, 100);
    expect(shownPieces(stage)).toHaveLength(2);
    for (let i = 0; i < 100; i++) stage = tick(stage, 100);
    expect(stage.act?.episode).toBe("c");
  });

  test("at the live pace shows everything that has come", () => {
    const { stage } = fold([piece("a", 5), piece("a", 6)]);
    expect(shownPieces(tick(stage, 1))).toHaveLength(2);
  });
});
