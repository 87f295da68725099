/**
 * `npm run experiment -- paper`: the paper's table and figures in miniature. Every arm (./paper-arms) is run with every
 * seed; a run that is finished is not run again, so that the command goes on where it was stopped.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeConfig, withSetting } from "../../../src/config/presets";
import type { LabConfig } from "../../../src/config/schema";
import type { RunRecord } from "../../../src/storage/run-record";
import { ensureChromium } from "../chromium.mjs";
import { ensureBuilt } from "../project.mjs";
import { type Flags, readFlags, UsageError } from "./command-line";
import { type Arm, arms } from "./paper-arms";
import { writeFigures } from "./paper-figures";
import { writeTable } from "./paper-table";
import { commandOf } from "./provenance";
import { runExperiment } from "./run";

const flags: Flags = {
  seeds: { value: "NUMBERS", help: "separated by commas; default 1,2,3" },
  steps: { value: "N", help: "training steps of the arms that train; default 125" },
  samples: { value: "N", help: "samples a problem where an arm is scored; default 32, as in the paper" },
  arms: { value: "NAMES", help: `only these of ${arms.map(({ name }) => name).join(", ")}` },
  out: { value: "DIR", help: "where the runs and the table go; what is finished there is not run again (required)" },
  "no-build": { value: null, help: "use dist/ as it is, even if it is older than the sources" },
  help: { value: null, help: "this text" },
};

/** Where the repository keeps this experiment. */
const results = "e2e/experiments/results/paper";

interface PaperOptions {
  seeds: number[];
  steps: number;
  samples: number;
  arms: readonly Arm[];
  out: string;
  build: boolean;
}

function wholeNumber(flag: string, text: string, least: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new UsageError(`--${flag} has "${text}", expected a whole number of at least ${least}.`);
}

/** Throws a UsageError for a line that cannot be run. */
export function readPaperArguments(argv: readonly string[]): PaperOptions | "help" {
  const given = readFlags(argv, flags);
  if (given.has("help")) return "help";
  const one = (flag: string): string | undefined => given.get(flag)?.[0];
  const out = one("out");
  if (!out) throw new UsageError("--out is missing: name a folder for the runs and the table, --out DIR.");
  const seeds = (one("seeds") ?? "1,2,3").split(",").map((text) => wholeNumber("seeds", text, 0));
  if (new Set(seeds).size < seeds.length) throw new UsageError("--seeds names a seed twice.");
  const chosen = one("arms")?.split(",");
  const unknown = chosen?.find((name) => !arms.some((arm) => arm.name === name));
  if (unknown !== undefined)
    throw new UsageError(`--arms has "${unknown}", expected any of ${arms.map(({ name }) => name).join(", ")}.`);
  return {
    seeds,
    steps: wholeNumber("steps", one("steps") ?? "125", 1),
    samples: wholeNumber("samples", one("samples") ?? "32", 1),
    arms: chosen ? arms.filter(({ name }) => chosen.includes(name)) : arms,
    out,
    build: !given.has("no-build"),
  };
}

function paperHelp(): string {
  const lines = Object.entries(flags).map(
    ([name, { value, help }]) => `  --${name}${value === null ? "" : ` ${value}`}`.padEnd(25) + help,
  );
  return [
    "npm run experiment -- paper --seeds 1,2,3 --out DIR",
    "",
    "Runs ReTool, its text-only twin and what the paper compares them with, and leaves the table beside the paper's.",
    "Under an hour a seed on two cores. It may be stopped at any time: the same line goes on with what is not finished.",
    "",
    ...lines,
  ].join("\n");
}

function configOf(arm: Arm, seed: number, { steps, samples }: PaperOptions): LabConfig {
  const settings = {
    ...arm.settings,
    seed,
    steps: arm.trains ? steps : 0,
    ...(!arm.trains && { "evaluation.samples": samples }),
  };
  return Object.entries(settings).reduce(
    (config, [key, value]) => withSetting(config, key, value),
    makeConfig(arm.preset),
  );
}

function isFinished(folder: string): boolean {
  const file = join(folder, "run.json");
  if (!existsSync(file)) return false;
  const { outcome } = JSON.parse(readFileSync(file, "utf8")) as RunRecord;
  return outcome === "finished";
}

async function runAll(options: PaperOptions, argv: readonly string[]): Promise<number> {
  const all = options.arms.flatMap((arm) => options.seeds.map((seed) => ({ arm, seed })));
  for (const [i, { arm, seed }] of all.entries()) {
    const out = join(options.out, arm.name, `seed-${seed}`);
    const title = `[${i + 1}/${all.length}] ${arm.name}, seed ${seed}`;
    if (isFinished(out)) {
      console.log(`${title}: finished before.`);
      continue;
    }
    console.log(title);
    rmSync(out, { recursive: true, force: true });
    const checkpoint = arm.from === null ? null : join(options.out, arm.from, `seed-${seed}`, "checkpoint");
    const run = { config: configOf(arm, seed, options), out, checkpoint, benchmark: null } as const;
    const command = commandOf("experiment", ["paper", ...argv]);
    const record = await runExperiment({ ...run, adapter: "hardware", build: false }, command);
    const { outcome } = record;
    if (record.checkpoint === "random" && run.config.start !== "random") {
      rmSync(out, { recursive: true, force: true });
      throw new UsageError(
        `${arm.name} has no cold start to begin from: make one with npm run cold-start, then build.`,
      );
    }
    writeTable(options, command);
    if (outcome !== "finished") return outcome === "interrupted" ? 130 : 1;
  }
  const command = commandOf("experiment", ["paper", ...argv]);
  writeTable(options, command);
  const { file: executable } = ensureChromium(console.error);
  // The example belongs to the repository's own results; other folders keep theirs.
  const isOwn = resolve(options.out) === resolve(results);
  const example = isOwn ? "public/compare/paper.json" : join(options.out, "compare.json");
  await writeFigures(options.out, options.seeds, { command, executable, example });
  return 0;
}

/** Exit status: 0 finished, 1 an arm failed, 2 a command line that cannot be run, 130 stopped. */
export async function paper(argv: readonly string[]): Promise<number> {
  try {
    const options = readPaperArguments(argv);
    if (options === "help") {
      console.log(paperHelp());
      return 0;
    }
    if (options.build) ensureBuilt(console.error);
    return await runAll(options, argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\nnpm run experiment -- paper --help explains every flag.`);
    return 2;
  }
}
