/** The Python console's state: what is typed, under which limits it runs, and what was run in this visit. */
import type { Setting } from "../config/settings";
import { settingOf } from "../config/settings";
import type { SnippetLimits } from "../config/snippet-limits";
import type { ConsoleResult, SympyChoice } from "../session/api";

export interface ConsoleRun {
  /** Counts up from 1. */
  number: number;
  code: string;
  limits: SnippetLimits;
  sympy: SympyChoice;
  result: ConsoleResult;
  /** The same under the run's own limits, as the policy would have run it. */
  policyResult: ConsoleResult;
}

export interface ConsoleState {
  code: string;
  /** Null: the run's own. */
  limits: SnippetLimits | null;
  /** Null: as in the run. */
  sympy: SympyChoice | null;
  isRunning: boolean;
  /** Newest first. */
  runs: readonly ConsoleRun[];
  /** The number of the run whose results are shown. */
  shown: number;
}

const firstCode = "import math\n\nfor n in range(1, 6):\n    print(n, math.factorial(n))\n";

export const emptyConsole: ConsoleState = {
  code: firstCode,
  limits: null,
  sympy: null,
  isRunning: false,
  runs: [],
  shown: 0,
};

/** Runs that are kept: as many as one would look through. */
const mostRuns = 30;

/** With a run that has just ended; it is shown. */
export function withConsoleRun(state: ConsoleState, run: Omit<ConsoleRun, "number">): ConsoleState {
  const number = (state.runs[0]?.number ?? 0) + 1;
  return { ...state, isRunning: false, runs: [{ number, ...run }, ...state.runs].slice(0, mostRuns), shown: number };
}

/** With `change` made to the limits; limits that are the run's again follow the run's from then on. */
export function withConsoleLimits(
  state: ConsoleState,
  change: Partial<SnippetLimits>,
  runLimits: SnippetLimits,
): ConsoleState {
  const limits = { ...runLimits, ...state.limits, ...change };
  const isOwn = limitNames.every((name) => limits[name] === runLimits[name]);
  return { ...state, limits: isOwn ? null : limits };
}

/** With SymPy or without; what is the run's again follows the run from then on. */
export function withConsoleSympy(state: ConsoleState, sympy: SympyChoice, runSympy: SympyChoice): ConsoleState {
  return { ...state, sympy: sympy === runSympy ? null : sympy };
}

export const limitNames = ["fuel", "seconds", "outputCharacters"] as const satisfies (keyof SnippetLimits)[];

function known(key: string): Setting {
  const setting = settingOf(key);
  if (!setting) throw new Error(`There is no setting ${key}.`);
  return setting;
}

export const sympySetting = known("sandbox.sympy");

/** What each limit may be, and its names: fuel and seconds as for the policy. */
export const limitSettings: Record<keyof SnippetLimits, Setting> = {
  fuel: known("rollout.snippetFuel"),
  seconds: known("rollout.snippetSeconds"),
  outputCharacters: {
    ...known("sandbox.outputCharacters"),
    key: "outputCharacters",
    maximum: 100_000,
    label: { en: "characters printed", zh: "可打印字符" },
    why: "printing more ends it; the policy reads less of it",
  },
};

/** What the policy would read: exactly what stands between the interpreter's tags. */
export function readByPolicy(observation: string): string {
  return /^\s*<interpreter>\n([\s\S]*)\n<\/interpreter>\s*$/.exec(observation)?.[1] ?? observation;
}
