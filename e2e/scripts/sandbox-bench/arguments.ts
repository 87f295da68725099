/** The command line of `npm run bench:sandbox`. */
import { cpus } from "node:os";
import { type Flags, commonFlags, flagLines, type Given, readFlags, UsageError } from "../experiment/command-line";

export const partNames = ["boot", "speed", "scaling", "wait", "fuel", "memory"] as const;
export type PartName = (typeof partNames)[number];

export interface SandboxBenchOptions {
  parts: PartName[];
  rounds: number;
  /** Pool sizes to compare. */
  workers: number[];
  /** Snippets of the soak; 0 for none. */
  soak: number;
  out: string | null;
}

const flags = {
  parts: { value: "NAMES", help: `which of ${partNames.join(",")}; default all, or none where --soak is given` },
  rounds: { value: "N", help: "samples of each, of which the median is taken; default 11" },
  workers: { value: "NUMBERS", help: "pool sizes to compare; default 1,2,4,... up to this machine's cores" },
  soak: {
    value: "N",
    help: "run N snippets in a row, a quarter of them hostile, and count what is lost, wrong, leaked",
  },
  out: { value: "DIR", help: "leave bench.json and bench.md (or soak.json and soak.md) there" },
  help: commonFlags.help,
} satisfies Flags;

function wholeNumber(flag: string, text: string, least = 1): number {
  const value = text === "" ? Number.NaN : Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new UsageError(`--${flag} has "${text}", expected a whole number of at least ${least}.`);
  return value;
}

function readParts(given: Given): PartName[] {
  const [text] = given.get("parts") ?? [given.has("soak") ? "" : partNames.join(",")];
  if (text === "" && given.has("soak")) return [];
  return text.split(",").map((word) => {
    const found = partNames.find((name) => name === word);
    if (!found) throw new UsageError(`--parts has "${word}", expected any of ${partNames.join(", ")}.`);
    return found;
  });
}

/** 1, 2, 4, ... and the machine's cores. */
function poolSizes(cores: number): number[] {
  const sizes = [1, 2, 4, 8, 16, 32].filter((size) => size < cores);
  return [...sizes, cores];
}

/** What a command line asks for, or "help". Throws a UsageError for one that cannot be run. */
export function readSandboxBenchArguments(
  argv: readonly string[],
  cores = cpus().length,
): SandboxBenchOptions | "help" {
  const given = readFlags(argv, flags);
  if (given.has("help")) return "help";
  const one = (flag: string): string | undefined => given.get(flag)?.[0];
  return {
    parts: readParts(given),
    rounds: wholeNumber("rounds", one("rounds") ?? "11"),
    workers:
      one("workers")
        ?.split(",")
        .map((text) => wholeNumber("workers", text)) ?? poolSizes(cores),
    soak: wholeNumber("soak", one("soak") ?? "0", 0),
    out: one("out") ?? null,
  };
}

/** The text of --help. */
export function sandboxBenchHelp(): string {
  return [
    "npm run bench:sandbox -- [--parts speed] [--rounds N] [--out DIR]",
    "npm run bench:sandbox -- --soak 20000 [--out DIR]",
    "",
    "Measures the sandbox against plain Pyodide in one worker and against a new worker for each snippet, and prints",
    "each number beside its goal. They take turns, so that load falls on all of them; ratios are taken round by round.",
    "",
    ...flagLines(flags),
    "",
    "Exit status: 0 measured (goals may be missed); 1 where the soak lost, spoilt or leaked anything, or where nothing",
    "could be measured; 2 where the command was not understood.",
  ].join("\n");
}
