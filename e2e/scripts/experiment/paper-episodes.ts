/**
 * The episodes that a reader of the paper's experiment wants to see, small enough to be kept: every self-correction of
 * ReTool's training, and how each arm answered each problem of MiniAIME-24 the first time. What the policy wrote and read
 * is whole; token ids and log-probabilities are in each run's own episodes.jsonl.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { EpisodeRecord } from "../../../src/core/episode";
import { linesOf } from "./lines";
import { type Arm, arms as allArms } from "./paper-arms";
import { folderOf, type PaperRuns } from "./paper-runs";

/** Whose training is looked through for self-corrections. */
const trained = "retool";

/** A line of the kept file. */
const keptLine = z.object({
  arm: z.string(),
  seed: z.number(),
  why: z.enum(["self-correction", "first answer"]),
  id: z.string(),
  problem: z.object({ id: z.string(), question: z.string(), answer: z.number() }),
  answer: z.number().nullable(),
  correct: z.boolean(),
  correctByCode: z.boolean(),
  segments: z.array(z.object({ kind: z.string(), text: z.string() })),
  turns: z.array(z.object({ code: z.string(), status: z.string(), stdout: z.string(), error: z.string() })),
});

type KeptEpisode = z.infer<typeof keptLine>;

/** Of an arm that trains, its self-corrections; of one that scores, first answers; null for all others. */
function whyKept({ set, sample, selfCorrection, purpose }: EpisodeRecord, arm: Arm): KeptEpisode["why"] | null {
  if (arm.trains) return arm.name === trained && purpose === "train" && selfCorrection ? "self-correction" : null;
  return set === "MiniAIME-24" && sample === 0 ? "first answer" : null;
}

/** What is kept of a run's episodes. */
function keptOf(folder: string, arm: Arm, seed: number): KeptEpisode[] {
  return linesOf<EpisodeRecord>(join(folder, "episodes.jsonl")).flatMap((episode) => {
    const why = whyKept(episode, arm);
    // Only what the line is to hold comes through.
    return why === null ? [] : [keptLine.parse({ ...episode, arm: arm.name, seed, why })];
  });
}

/** Writes episodes.jsonl into the experiment's folder. What it holds of runs whose own episodes are gone stays. */
export function keepEpisodes({ arms, seeds, out }: PaperRuns): void {
  const file = join(out, "episodes.jsonl");
  const before = linesOf<unknown>(file).map((line) => keptLine.parse(line));
  const there = arms.flatMap((arm) =>
    // Of arms that score, one seed shows what there is to see.
    (arm.trains ? seeds : seeds.slice(0, 1)).flatMap((seed) => {
      const folder = folderOf(out, arm.name, seed);
      return existsSync(join(folder, "episodes.jsonl")) ? [{ arm, seed, folder }] : [];
    }),
  );
  const kept = before.filter((line) => !there.some(({ arm, seed }) => arm.name === line.arm && seed === line.seed));
  const found = there.flatMap(({ arm, seed, folder }) => keptOf(folder, arm, seed));
  const place = ({ arm }: KeptEpisode): number => allArms.findIndex(({ name }) => name === arm);
  const lines = [...kept, ...found].toSorted((a, b) => place(a) - place(b) || a.seed - b.seed);
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}
