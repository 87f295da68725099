/**
 * The episodes that a reader of the paper's experiment wants to see, small enough to be kept: every self-correction of
 * ReTool's training, and how each arm answered each problem of MiniAIME-24 the first time. What the policy wrote and read
 * is whole; token ids and log-probabilities are in each run's own episodes.jsonl.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { EpisodeRecord } from "../../../src/core/episode";
import { arms as allArms } from "./paper-arms";
import { folderOf, linesOf, type PaperRuns } from "./paper-runs";

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

function whyKept({ set, sample, selfCorrection, purpose }: EpisodeRecord, arm: string): KeptEpisode["why"] | null {
  if (purpose === "train") return arm === trained && selfCorrection ? "self-correction" : null;
  return set === "MiniAIME-24" && sample === 0 ? "first answer" : null;
}

/** What is kept of a run's episodes: of an arm that trains, its self-corrections; of one that scores, first answers. */
function keptOf(folder: string, arm: string, seed: number, trains: boolean): KeptEpisode[] {
  return linesOf<EpisodeRecord>(join(folder, "episodes.jsonl")).flatMap((episode) => {
    const why = whyKept(episode, arm);
    if (why === null || (why === "self-correction") !== trains) return [];
    // Only what the line is to hold comes through.
    return [keptLine.parse({ ...episode, arm, seed, why })];
  });
}

/** Writes episodes.jsonl into the experiment's folder. What it holds of runs whose own episodes are gone stays. */
export function keepEpisodes({ arms, seeds, out }: PaperRuns): void {
  const file = join(out, "episodes.jsonl");
  const before = linesOf<unknown>(file).map((line) => keptLine.parse(line));
  const there = arms.flatMap(({ name, trains }) =>
    // Of arms that score, one seed shows what there is to see.
    (trains ? seeds : seeds.slice(0, 1)).flatMap((seed) => {
      const folder = folderOf(out, name, seed);
      return existsSync(join(folder, "episodes.jsonl")) ? [{ name, seed, folder, trains }] : [];
    }),
  );
  const kept = before.filter(({ arm, seed }) => !there.some((run) => run.name === arm && run.seed === seed));
  const found = there.flatMap(({ name, seed, folder, trains }) => keptOf(folder, name, seed, trains));
  const place = ({ arm }: KeptEpisode): number => allArms.findIndex(({ name }) => name === arm);
  const lines = [...kept, ...found].toSorted((a, b) => place(a) - place(b) || a.seed - b.seed);
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}
