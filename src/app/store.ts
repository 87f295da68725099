/** The page's state: the run as it stands, and what the reader chose. Commands are in controller.ts. */
import { createStore, type StoreApi, useStore } from "zustand";
import type { LabConfig } from "../config/schema";
import type { EvaluationReport } from "../core/evaluation";
import type { LabEvent } from "../core/events";
import type { LabInfo, OwnSet, OwnTraces } from "../session/api";
import { type BenchState, emptyBench } from "./bench";
import { type ConsoleState, emptyConsole } from "./console";
import type { ComparedRun } from "../storage/comparison";
import type { Language } from "../ui/format";
import type { EpisodeStore } from "./episode-store";
import { emptyRun, type RunView, takeEvent } from "./run-view";
import { tick } from "./stage";

/** In the order in which they are offered. */
export const views = ["lab", "episodes", "compare", "traces", "console", "bench"] as const;
export type View = (typeof views)[number];
export type Theme = "light" | "dark";

export interface PageState {
  run: RunView;
  info: LabInfo | null;
  /** What the form says; the next run's configuration. */
  form: LabConfig;
  /** The set that the reader loaded. */
  ownSet: OwnSet | null;
  /** The traces that the reader loaded for the cold start. */
  ownTraces: OwnTraces | null;
  /** Runs to compare the present one with: earlier ones of this tab, and those that were loaded. */
  compared: readonly ComparedRun[];
  /** What models from outside were asked here, the newest of each. */
  outsideScores: readonly EvaluationReport[];
  /** Asked to start, and waiting for the loading to end. */
  starting: boolean;
  pausing: boolean;
  /** A cold start is being made here, which the reader may stop. */
  coldStarting: "no" | "making" | "stopping";
  view: View;
  language: Language;
  theme: Theme;
  /** What is wrong with the address, a sentence each. */
  problems: string[];
  /** The episode that is open in Episodes. */
  selected: string | null;
  /** The open episode's whole group is shown, side by side. */
  sideBySide: boolean;
  console: ConsoleState;
  bench: BenchState;
}

export type PageStore = StoreApi<PageState>;

/** The store with everything at its beginning. */
export function makePageStore(start: Pick<PageState, "form" | "view" | "language" | "theme" | "problems">): PageStore {
  return createStore<PageState>(() => ({
    run: emptyRun,
    info: null,
    ownSet: null,
    ownTraces: null,
    compared: [],
    outsideScores: [],
    starting: false,
    pausing: false,
    coldStarting: "no",
    selected: null,
    sideBySide: false,
    console: emptyConsole,
    bench: emptyBench,
    ...start,
  }));
}

/** At most ten times a second: what a page can show, and a tenth of what it has time for. */
const publishMilliseconds = 100;

/**
 * Takes batches of events and publishes the view they make at most ten times a second. While the theatre reads out
 * an episode it goes on ticking, otherwise it sleeps.
 */
export function makeIntake(store: PageStore, episodes: EpisodeStore): (events: readonly LabEvent[]) => void {
  let waiting: LabEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const publish = (): void => {
    timer = undefined;
    const before = store.getState().run;
    const events = waiting;
    waiting = [];
    const taken = events.reduce((view, event) => takeEvent(view, event, episodes), before);
    const stage = tick(taken.stage, publishMilliseconds);
    const run = stage === taken.stage ? taken : { ...taken, stage };
    if (run !== before) store.setState({ run });
    if (stage.act && (stage.shown < stage.act.pieces.length || stage.next)) schedule();
  };
  const schedule = (): void => {
    timer ??= setTimeout(publish, publishMilliseconds);
  };
  return (events) => {
    waiting.push(...events);
    schedule();
  };
}

/** A part of the page's state; the component draws again when it changes. */
export function usePage<T>(store: PageStore, choose: (state: PageState) => T): T {
  return useStore(store, choose);
}
