/** The command line of the bench. */
import type { BenchPlan } from "../../../src/bench/report";
import { benchBackends, subjectNames } from "../../../src/bench/subject";
import { benchSizes } from "../../../src/bench/workload";
import {
  type AdapterChoice,
  commonFlags,
  type Flags,
  type Given,
  readAdapter,
  readFlags,
  UsageError,
  flagLines,
} from "../experiment/command-line";

export interface BenchOptions {
  plan: BenchPlan;
  /** Folder for bench.json, bench.html and bench.svg; nothing is written without one. */
  out: string | null;
  /** Folder for a kit that measures without a browser, in place of measuring. */
  kit: string | null;
  adapter: AdapterChoice;
  build: boolean;
}

const flags = {
  sizes: { value: "NAMES", help: `which of ${benchSizes.join(",")}; default all` },
  backends: { value: "NAMES", help: `which of ${benchBackends.join(",")}; default both` },
  engines: { value: "NAMES", help: `which of ${subjectNames.join(",")}; default all` },
  rows: { value: "NUMBERS", help: "rows that decode side by side; default 64,256" },
  rounds: { value: "N", help: "samples of each, of which the median is taken; default 20" },
  tokens: { value: "N", help: "tokens that each row writes in a sample; default 16" },
  patience: { value: "SECONDS", help: "end an engine's samples of one kind early after this long; default never" },
  soak: { value: "N", help: "training steps in a row after which nothing may have grown; default 500" },
  out: { value: "DIR", help: "leave bench.json, bench.html and bench.svg there" },
  kit: { value: "DIR", help: "build a kit that measures the same in Node, on a machine with a GPU and no browser" },
  adapter: commonFlags.adapter,
  "no-build": commonFlags["no-build"],
  help: commonFlags.help,
} satisfies Flags;

function names<T extends string>(given: Given, flag: string, all: readonly T[]): T[] {
  const [text] = given.get(flag) ?? [all.join(",")];
  return text.split(",").map((word) => {
    const found = all.find((name) => name === word);
    if (found === undefined) throw new UsageError(`--${flag} has "${word}", expected any of ${all.join(", ")}.`);
    return found;
  });
}

function wholeNumbers(given: Given, flag: string, fallback: string, least = 1): number[] {
  const [text] = given.get(flag) ?? [fallback];
  return text.split(",").map((word) => {
    const value = Number(word);
    if (!Number.isInteger(value) || value < least)
      throw new UsageError(`--${flag} has "${word}", expected a whole number of at least ${least}.`);
    return value;
  });
}

function wholeNumber(given: Given, flag: string, fallback: string, least = 1): number {
  const [first, ...more] = wholeNumbers(given, flag, fallback, least);
  if (more.length > 0) throw new UsageError(`--${flag} takes one number.`);
  return first;
}

/** The options that a command line gives, or "help". Throws a UsageError for one that cannot be run. */
export function readBenchArguments(argv: readonly string[]): BenchOptions | "help" {
  const given = readFlags(argv, flags);
  if (given.has("help")) return "help";
  const one = (flag: string): string | null => given.get(flag)?.[0] ?? null;
  return {
    plan: {
      backends: names(given, "backends", benchBackends),
      sizes: names(given, "sizes", benchSizes),
      subjects: names(given, "engines", subjectNames),
      rows: wholeNumbers(given, "rows", "64,256"),
      rounds: wholeNumber(given, "rounds", "20"),
      tokens: wholeNumber(given, "tokens", "16"),
      patience: given.has("patience") ? wholeNumber(given, "patience", "0") : null,
      soakSteps: wholeNumber(given, "soak", "500", 0),
    },
    out: one("out"),
    kit: one("kit"),
    adapter: readAdapter(given),
    build: !given.has("no-build"),
  };
}

/** The text of --help. */
export function benchHelp(): string {
  return [
    "npm run bench -- [--sizes spark] [--backends webgpu] [--out DIR]",
    "",
    "Measures the lab's engine, stock tfjs and jax-js side by side: a training step, decoding and a matrix product. An",
    "engine is timed only if it computes what the oracle computes. They take turns, so that load falls on all of them.",
    "",
    ...flagLines(flags),
  ].join("\n");
}
