/** The Python console's words in English. */

/** The limits a snippet ran under, and whether it was the fuel that ran out. */
interface SnippetBounds {
  fuel: number;
  seconds: number;
  outputCharacters: number;
  outOfFuel: boolean;
}

export const consoleEn = {
  title: "Python console",
  intro: "The policy's own Python, for you: every run begins in an interpreter that is as it was after boot.",
  code: "Python snippet",
  run: "Run",
  running: "Running",
  hint: "Ctrl+Enter runs it",
  notReady: "Python is still loading.",
  none: "Nothing run yet. A run shows what the snippet printed under your limits and, beside it, what the policy would read under the run's.",
  limits: "Limits here",
  resetLimits: "Reset to the run's limits",
  limitUnits: { fuel: "loop turns and calls", seconds: "s", outputCharacters: "characters" },
  limitHints: {
    fuel: "stops at the same place on every machine",
    seconds: "a backstop for what burns no fuel",
    outputCharacters: "printing more ends it",
  },
  sympyHint: "computer algebra; loaded at the first run that asks for it",
  withSympy: (bounds: string) => `${bounds}, with SymPy`,
  result: "Run under these limits",
  bounds: (fuel: string, seconds: string, characters: string) => `${fuel} fuel, ${seconds} s, ${characters} characters`,
  printed: "What it printed",
  asPolicy: "Run as the policy would",
  asPolicyHint: "Under the run's limits, to the letter what stands between the interpreter tags",
  observation: "What the policy would read",
  characters: (count: string) => `${count} characters to read`,
  line: (line: number) => `Show line ${line}`,
  used: (fuel: string, milliseconds: string) => `${fuel} fuel used, ${milliseconds}`,
  endings: {
    ok: () => "It ran to its end.",
    error: () => "Python stopped it with an error.",
    timeout: ({ seconds, outOfFuel }: SnippetBounds) =>
      outOfFuel
        ? "Stopped: its fuel is used up. Give it more, or do less."
        : `Stopped after ${seconds} s by the clock; what it printed is not kept, since a faster machine would print more.`,
    memory: () => "It asked for more memory than the sandbox gives (192 MB).",
    output: ({ outputCharacters }: SnippetBounds) =>
      `Stopped: it printed more than ${outputCharacters} characters; the first ${outputCharacters} are kept.`,
    crash: () => "Its worker was lost twice. That is the sandbox's fault, not the snippet's: run it again.",
  },
  history: "Earlier in this visit",
  counts: "The sandbox, live",
  countsHint: "Snippets since Python was loaded, the run's and yours.",
  workers: (count: number) => `${count} ${count === 1 ? "worker" : "workers"} ready.`,
  countNames: {
    ok: "ran",
    error: "error",
    timeout: "out of time",
    memory: "out of memory",
    output: "too much output",
    crash: "sandbox crash",
    retried: "tried again",
    dropped: "dropped",
    respawned: "workers replaced",
    cached: "from the cache",
  },
  countHints: {
    ok: "ran to their end",
    error: "ended in an error of their own",
    timeout: "used up their fuel, or ran into the clock",
    memory: "asked for more memory than there is",
    output: "printed more than is kept",
    crash: "lost their worker twice; nobody is charged for it",
    retried: "lost their worker and ran once more",
    dropped: "given up after two lost workers",
    respawned: "workers that ended and were started anew",
    cached: "results known from an earlier run of the same code under the same limits",
  },
};
