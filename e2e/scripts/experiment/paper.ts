/**
 * `npm run experiment -- paper`: the paper's table and figures in miniature. Every arm (./paper-arms) is run with every
 * seed. What is finished stands while what it began from does (./paper-runs), so that the command goes on where it was
 * stopped.
 */
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensureChromium } from "../chromium.mjs";
import { ensureBuilt } from "../project.mjs";
import { flagLines, type Flags, readFlags, UsageError } from "./command-line";
import { arms } from "./paper-arms";
import { keepEpisodes } from "./paper-episodes";
import { writeFigures } from "./paper-figures";
import { missingRuns, type PaperRuns, runsOf, titleOf } from "./paper-runs";
import { writeTable } from "./paper-table";
import { commandOf } from "./provenance";
import { runExperiment } from "./run";

/** Where the repository keeps this experiment. */
const results = "e2e/experiments/results/paper";

const flags: Flags = {
  seeds: { value: "NUMBERS", help: "separated by commas; default 1,2,3" },
  steps: { value: "N", help: "training steps of the arms that train; default 125" },
  samples: { value: "N", help: "samples a problem where an arm is scored; default 32, as in the paper" },
  arms: { value: "NAMES", help: `only these of ${arms.map(({ name }) => name).join(", ")}` },
  out: { value: "DIR", help: `where the runs and the table go; what is finished there stands. Default ${results}` },
  "no-build": { value: null, help: "use dist/ as it is, even if it is older than the sources" },
  help: { value: null, help: "this text" },
};

interface PaperOptions extends PaperRuns {
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
    out: one("out") ?? results,
    build: !given.has("no-build"),
  };
}

function paperHelp(): string {
  return [
    "npm run experiment -- paper --seeds 1,2,3",
    "",
    "Runs ReTool, its text-only twin and what the paper compares them with, and leaves the table beside the paper's.",
    "Under an hour a seed on two cores. It may be stopped at any time: the same line keeps what is finished, and begins",
    "again the run that was under way, and any whose checkpoint is needed and gone.",
    "",
    ...flagLines(flags),
  ].join("\n");
}

async function runAll(options: PaperOptions, argv: readonly string[]): Promise<number> {
  const all = runsOf(options);
  const missing = new Set(missingRuns(all));
  const command = commandOf("experiment", ["paper", ...argv]);
  for (const [i, run] of all.entries()) {
    const { arm, config, checkpoint, folder: out } = run;
    const title = `[${i + 1}/${all.length}] ${titleOf(run)}`;
    if (!missing.has(run)) {
      console.log(`${title}: finished before.`);
      continue;
    }
    console.log(title);
    rmSync(out, { recursive: true, force: true });
    const how = { config, out, checkpoint, benchmark: null, adapter: "hardware", build: false } as const;
    const record = await runExperiment(how, command);
    if (record.checkpoint === "random" && config.start !== "random") {
      rmSync(out, { recursive: true, force: true });
      throw new UsageError(
        `${arm.name} has no cold start to begin from: make one with npm run cold-start, then build.`,
      );
    }
    writeTable(options, command);
    if (record.outcome !== "finished") return record.outcome === "interrupted" ? 130 : 1;
  }
  writeTable(options, command);
  keepEpisodes(options);
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
