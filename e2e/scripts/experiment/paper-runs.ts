/** The runs of the paper's experiment in their folders: which stand, which are still to be made, what each begins from. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeConfig, withSetting } from "../../../src/config/presets";
import { configSchema, type LabConfig } from "../../../src/config/schema";
import { differingKeys } from "../../../src/config/settings";
import type { RunRecord } from "../../../src/storage/run-record";
import { UsageError } from "./command-line";
import type { Arm } from "./paper-arms";

export interface PaperRuns {
  seeds: readonly number[];
  /** Of the arms that train. */
  steps: number;
  /** Samples a problem of the arms that score. */
  samples: number;
  arms: readonly Arm[];
  out: string;
}

/** One arm with one seed. */
export interface PaperRun {
  arm: Arm;
  seed: number;
  config: LabConfig;
  folder: string;
  /** Folder of the checkpoint that it begins from; null for the preset's own start. */
  checkpoint: string | null;
}

function configOf(arm: Arm, seed: number, { steps, samples }: PaperRuns): LabConfig {
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

export const folderOf = (out: string, arm: string, seed: number): string => join(out, arm, `seed-${seed}`);

/** The lines of one of a run's files; none where it is not there. A last one that a kill has cut short is left out. */
export function linesOf<T>(file: string): T[] {
  if (!existsSync(file)) return [];
  const whole = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return whole.filter((line) => line !== "").map((line) => JSON.parse(line) as T);
}

const checkpointOf = (out: string, arm: string, seed: number): string => join(folderOf(out, arm, seed), "checkpoint");

/** All of them, each after the one it begins from. */
export function runsOf(options: PaperRuns): PaperRun[] {
  const { arms, seeds, out } = options;
  return arms.flatMap((arm) =>
    seeds.map((seed) => ({
      arm,
      seed,
      config: configOf(arm, seed, options),
      folder: folderOf(out, arm.name, seed),
      checkpoint: arm.from === null ? null : checkpointOf(out, arm.from, seed),
    })),
  );
}

/** What a folder says of its run; null where it says nothing that can be read, as after a kill. */
function recordIn(folder: string): RunRecord | null {
  try {
    return JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as RunRecord;
  } catch {
    return null;
  }
}

export const titleOf = ({ arm, seed }: Pick<PaperRun, "arm" | "seed">): string => `${arm.name}, seed ${seed}`;

/** Throws a UsageError where what stands was run otherwise than is asked for now. */
function isFinished({ arm, seed, folder, config }: PaperRun): boolean {
  const record = recordIn(folder);
  if (record?.outcome !== "finished") return false;
  const ran = configSchema.safeParse(record.config);
  const differing = ran.success ? differingKeys(ran.data, config) : ["configuration"];
  if (differing.length === 0) return true;
  throw new UsageError(
    `${titleOf({ arm, seed })}, stands in ${folder} and was run with another ${differing.join(", ")}. ` +
      "Give the line that made it, another --out, or remove that folder.",
  );
}

const leaves = ({ folder }: PaperRun): string => join(folder, "checkpoint");

/**
 * Those that are still to be run: not finished, begun from a run that is not, or without the checkpoint that another of
 * them begins from. Throws a UsageError where a run stands that had other settings, or where what one begins from is not
 * there.
 */
export function missingRuns(runs: readonly PaperRun[]): PaperRun[] {
  const unfinished = runs.filter((run) => !isFinished(run));
  const begunFrom = (one: PaperRun, others: readonly PaperRun[]): boolean =>
    others.some((other) => one.checkpoint === leaves(other));
  // What was made of a checkpoint that is made anew would be a score of another policy.
  const toRun = runs.filter((run) => unfinished.includes(run) || begunFrom(run, unfinished));
  const isAskedFor = (run: PaperRun): boolean =>
    toRun.some(({ checkpoint }) => checkpoint === leaves(run)) && !existsSync(leaves(run));
  const missing = runs.filter((run) => toRun.includes(run) || isAskedFor(run));
  for (const run of missing) {
    const { arm, seed, checkpoint } = run;
    if (checkpoint !== null && !begunFrom(run, missing) && !existsSync(checkpoint))
      throw new UsageError(
        `${titleOf({ arm, seed })}, begins from what ${arm.from} leaves, and ${checkpoint} is not there: ` +
          `name ${arm.from} in --arms as well.`,
      );
  }
  return missing;
}
