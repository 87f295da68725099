/** The paper's table from what the arms left: every cell a mean over seeds and problems with its interval. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeConfig } from "../../../src/config/presets";
import { acrossSeeds } from "../../../src/core/seeds";
import type { EvaluationReport, EvaluationSet, Measure } from "../../../src/core/evaluation";
import type { MetricRow } from "../../../src/core/metrics";
import { tableRows } from "./paper-arms";

interface Cell {
  accuracy: Measure;
  byCode: Measure;
}

export interface Row {
  title: string;
  paper: string;
  cells: Partial<Record<EvaluationSet, Cell>>;
}

function linesOf<T>(file: string): T[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as T);
}

/** The last score that each of the runs has of a set; null where one has none. */
function lastScores(runs: readonly string[], set: EvaluationSet): EvaluationReport[] | null {
  const found = runs.map((run) => {
    const reports = linesOf<EvaluationReport>(join(run, "evaluations.jsonl"));
    return reports.findLast((report) => report.set === set);
  });
  const reports = found.filter((report) => report !== undefined);
  return reports.length === runs.length ? reports : null;
}

export const sets = ["MiniAIME-24", "MiniAIME-25"] as const;

/** @param runOf folder of an arm's run with a seed */
export function tableOf(seeds: readonly number[], runOf: (arm: string, seed: number) => string): Row[] {
  return tableRows.map(({ title, arm, paper }) => {
    const cells: Row["cells"] = {};
    for (const set of sets) {
      const reports =
        arm === null
          ? null
          : lastScores(
              seeds.map((seed) => runOf(arm, seed)),
              set,
            );
      if (!reports) continue;
      const { accuracy, accuracyByCode } = acrossSeeds(reports);
      cells[set] = { accuracy, byCode: accuracyByCode };
    }
    return { title, paper, cells };
  });
}

function number({ mean, bounds }: Measure): string {
  return mean.toFixed(3) + (bounds ? ` (${bounds[0].toFixed(3)} to ${bounds[1].toFixed(3)})` : "");
}

export function tableText(rows: readonly Row[]): string {
  const head = ["", ...sets.flatMap((set) => [set, "by code"]), "the paper: AIME24 / AIME25, %"];
  const cells = rows.map(({ title, paper, cells }) => [
    title,
    ...sets.flatMap((set) => {
      const cell = cells[set];
      return cell ? [number(cell.accuracy), number(cell.byCode)] : ["not run", "not run"];
    }),
    paper,
  ]);
  const lines = [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`);
  return lines.join("\n");
}

/** Self-corrections in training, and the step of the first, of each seed. */
export function selfCorrections(runs: readonly string[]): { total: number; first: number | null }[] {
  return runs.map((run) => {
    const rows = linesOf<MetricRow>(join(run, "metrics.jsonl"));
    const counts = rows.map(({ step, values }) => ({ step, count: values.selfCorrections ?? 0 }));
    return {
      total: counts.reduce((sum, { count }) => sum + count, 0),
      first: counts.find(({ count }) => count > 0)?.step ?? null,
    };
  });
}

interface Attempts {
  attempted: number;
  succeeded: number;
}

/** Self-corrections that the runs attempted, and how many succeeded, in each third of their steps. */
export function correctionsByThird(runs: readonly string[]): Attempts[] {
  const thirds = [0, 1, 2].map((): Attempts => ({ attempted: 0, succeeded: 0 }));
  for (const run of runs) {
    const rows = linesOf<MetricRow>(join(run, "metrics.jsonl"));
    const last = Math.max(...rows.map(({ step }) => step));
    for (const { step, values } of rows.filter(({ step }) => step > 0)) {
      const third = thirds[Math.ceil((3 * step) / last) - 1];
      third.attempted += values.selfCorrectionAttempts ?? 0;
      third.succeeded += values.selfCorrections ?? 0;
    }
  }
  return thirds;
}

/** Accuracy at a step of training, of each seed; null where it was not evaluated there. */
export function accuracyAt(runs: readonly string[], step: number): (number | null)[] {
  return runs.map((run) => {
    const rows = linesOf<MetricRow>(join(run, "metrics.jsonl"));
    return rows.find((row) => row.step === step)?.values.accuracy ?? null;
  });
}

/** The share of the text-only twin's steps after which ReTool is looked at. */
const earlyShare = 0.4;

/** The table, and what the numbers must show, from whatever is finished. */
export function writeTable(
  { seeds, steps, out }: { seeds: readonly number[]; steps: number; out: string },
  command: string,
): void {
  const runOf = (arm: string, seed: number): string => join(resolve(out), arm, `seed-${seed}`);
  const rows = tableOf(seeds, runOf);
  const retool = seeds.map((seed) => runOf("retool", seed));
  // The paper's ReTool took 400 steps where text-only RL took 1080; runs are evaluated every so many steps.
  const { every } = makeConfig("spark").evaluation;
  const early = Math.floor((earlyShare * steps) / every) * every;
  const found = {
    early: { step: early, accuracy: accuracyAt(retool, early) },
    selfCorrections: selfCorrections(retool),
    correctionsByThird: correctionsByThird(retool),
  };
  const over =
    seeds.length === 1
      ? "30 problems of one seed, with a 95 % bootstrap interval over the problems"
      : `${seeds.length} seeds and 30 problems, with a 95 % bootstrap interval over both`;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "table.json"), `${JSON.stringify({ command, seeds, rows, ...found }, null, 1)}\n`);
  writeFileSync(
    join(out, "table.md"),
    [
      `# ReTool's table in miniature, seeds ${seeds.join(", ")}`,
      `Made by \`${command}\`. Each cell: the mean over ${over}.`,
      tableText(rows),
      `ReTool after ${early} of its ${steps} steps, seed by seed: ${found.early.accuracy.map((x) => x?.toFixed(3) ?? "not run").join(", ")}.`,
      `Self-corrections in training, seed by seed: ${found.selfCorrections.map(({ total, first }) => `${total}${first === null ? "" : ` (the first in step ${first})`}`).join(", ")}.`,
      `Of those attempted, all seeds together, by thirds of the run: ${found.correctionsByThird.map(({ attempted, succeeded }) => `${succeeded} of ${attempted} succeeded`).join(", ")}.`,
    ].join("\n\n") + "\n",
  );
  console.log(`\n${tableText(rows)}\n\nKept in ${join(out, "table.md")} and table.json.`);
}
