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

const checkpointIn = (folder: string): string => join(folder, "checkpoint");

/** All of them, each after the one it begins from. */
export function runsOf(options: PaperRuns): PaperRun[] {
  const { arms, seeds, out } = options;
  return arms.flatMap((arm) =>
    seeds.map((seed) => ({
      arm,
      seed,
      config: configOf(arm, seed, options),
      folder: folderOf(out, arm.name, seed),
      checkpoint: arm.from === null ? null : checkpointIn(folderOf(out, arm.from, seed)),
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

/** Whether it stands as it is asked for now. Throws a UsageError where it stands and was run otherwise. */
function isFinished({ arm, seed, folder, config }: PaperRun): boolean {
  const record = recordIn(folder);
  if (record?.outcome !== "finished") return false;
  const ran = configSchema.safeParse(record.config);
  const differing = ran.success ? differingKeys(ran.data, config) : null;
  if (differing?.length === 0) return true;
  throw new UsageError(
    `${titleOf({ arm, seed })}, stands in ${folder} and was run with other settings${differing ? `: ${differing.join(", ")}` : ""}. ` +
      "Give the line that made it, another --out, or remove that folder.",
  );
}

/**
 * Those that are still to be run: not finished, begun from a run that is not, or without the checkpoint that another of
 * them begins from. Throws a UsageError where a run stands that had other settings, or where what one begins from is not
 * there.
 */
export function missingRuns(runs: readonly PaperRun[]): PaperRun[] {
  const unfinished = runs.filter((run) => !isFinished(run));
  const begunFrom = (one: PaperRun, others: readonly PaperRun[]): boolean =>
    others.some((other) => one.checkpoint === checkpointIn(other.folder));
  // What was made of a checkpoint that is made anew would be a score of another policy.
  const toRun = runs.filter((run) => unfinished.includes(run) || begunFrom(run, unfinished));
  const isAskedFor = (run: PaperRun): boolean =>
    toRun.some(({ checkpoint }) => checkpoint === checkpointIn(run.folder)) && !existsSync(checkpointIn(run.folder));
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
