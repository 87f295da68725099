/** The paper's table from what the arms left: every cell a mean over seeds and problems with its interval. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { makeConfig } from "../../../src/config/presets";
import { passAtK } from "../../../src/analysis/pass-at-k";
import { acrossSeeds, measureAcross } from "../../../src/core/seeds";
import type { EvaluationReport, EvaluationSet, Measure } from "../../../src/core/evaluation";
import type { MetricRow } from "../../../src/core/metrics";
import { benchmarks } from "../../../src/tasks/benchmarks";
import { tableRows } from "./paper-arms";
import { folderOf, type PaperRuns } from "./paper-runs";
import { linesOf } from "./lines";
import { said } from "./progress";

interface Cell {
  accuracy: Measure;
  byCode: Measure;
}

export interface Row {
  title: string;
  paper: string;
  cells: Partial<Record<EvaluationSet, Cell>>;
  /** Of MiniAIME-24: the chance that at least one of `k` samples is right. */
  passAtK: { k: number; right: Measure }[];
}

export const sets = ["MiniAIME-24", "MiniAIME-25"] as const;

/** The last score that each of the runs has of a whole set; null where one has none. */
function lastScores(runs: readonly string[], set: (typeof sets)[number]): EvaluationReport[] | null {
  const found = runs.map((run) => {
    const reports = linesOf<EvaluationReport>(join(run, "evaluations.jsonl"));
    // An interview that was broken off has a score of the problems that were answered.
    return reports.findLast((report) => report.set === set && report.problems.length === benchmarks[set].length);
  });
  const reports = found.filter((report) => report !== undefined);
  return reports.length === runs.length ? reports : null;
}

/** The numbers of k that are told; those with more than the samples there are cannot be. */
const passes = [1, 4, 16, 32];

function passesOf(reports: readonly EvaluationReport[]): Row["passAtK"] {
  const samples = Math.min(...reports.flatMap(({ problems }) => problems.map((problem) => problem.samples)));
  return passes
    .filter((k) => k <= samples)
    .map((k) => ({ k, right: measureAcross(reports, (problem) => passAtK(problem.samples, problem.right, k)) }));
}

/** Where the score of a model from outside is looked for: `npm run experiment -- outside --out OUT/outside`. */
const outsideFolder = "outside";

const outsideRecord = z.object({ model: z.string() });

/** The title of the row of the outside model: its name, where one was asked. */
function titleOfOutside(out: string, title: string): string {
  const file = join(out, outsideFolder, "run.json");
  if (!existsSync(file)) return title;
  const { model } = outsideRecord.parse(JSON.parse(readFileSync(file, "utf8")));
  return `${model}, in text, one interview (the paper: ${title})`;
}

/** Every row from what the arms left in `out`. */
export function tableOf(seeds: readonly number[], out: string): Row[] {
  return tableRows.map(({ title, arm, paper }) => {
    const runs = arm === null ? [join(out, outsideFolder)] : seeds.map((seed) => folderOf(out, arm, seed));
    const cells: Row["cells"] = {};
    for (const set of sets) {
      const reports = lastScores(runs, set);
      if (!reports) continue;
      const { accuracy, accuracyByCode } = acrossSeeds(reports);
      cells[set] = { accuracy, byCode: accuracyByCode };
    }
    const scored = lastScores(runs, "MiniAIME-24");
    return {
      title: arm === null ? titleOfOutside(out, title) : title,
      paper,
      cells,
      passAtK: scored ? passesOf(scored) : [],
    };
  });
}

function markdown([head, ...cells]: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

export function tableText(rows: readonly Row[]): string {
  const head = ["", ...sets.flatMap((set) => [set, "by code"]), "the paper: AIME24 / AIME25, %"];
  const cells = rows.map(({ title, paper, cells }) => [
    title,
    ...sets.flatMap((set) => {
      const cell = cells[set];
      return cell ? [said(cell.accuracy), said(cell.byCode)] : ["not run", "not run"];
    }),
    paper,
  ]);
  return markdown([head, ...cells]);
}

/** pass@k of the arms that were run, a row each. */
export function passText(rows: readonly Row[]): string {
  const run = rows.filter(({ passAtK: own }) => own.length > 0);
  const ks = passes.filter((k) => run.some(({ passAtK: own }) => own.some((pass) => pass.k === k)));
  const cells = run.map(({ title, passAtK: own }) => [
    title,
    ...ks.map((k) => {
      const pass = own.find((other) => other.k === k);
      return pass ? said(pass.right) : "-";
    }),
  ]);
  return markdown([["pass@k on MiniAIME-24", ...ks.map((k) => `k = ${k}`)], ...cells]);
}

/** Self-corrections in training, and the step of the first, of each seed; null of one that was not run. */
export function selfCorrections(runs: readonly string[]): ({ total: number; first: number | null } | null)[] {
  return runs.map((run) => {
    const rows = linesOf<MetricRow>(join(run, "metrics.jsonl"));
    if (rows.length === 0) return null;
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

/** Accuracy on MiniAIME-24 at a step of training, of each seed and of all; null where one was not evaluated there. */
export function accuracyAt(runs: readonly string[], step: number): { each: number[]; all: Measure } | null {
  const reports = runs.flatMap((run) =>
    linesOf<EvaluationReport>(join(run, "evaluations.jsonl")).filter(
      (report) => report.step === step && report.set === "MiniAIME-24",
    ),
  );
  if (reports.length !== runs.length) return null;
  return { each: reports.map((report) => report.all.accuracy.mean), all: acrossSeeds(reports).accuracy };
}

/** What the numbers must show of ReTool's own training. */
interface RetoolFound {
  early: { step: number; accuracy: ReturnType<typeof accuracyAt> };
  selfCorrections: ReturnType<typeof selfCorrections>;
  correctionsByThird: Attempts[];
}

/** The same, and in sentences. */
function retoolText(runs: readonly string[], early: number, steps: number): { found: RetoolFound; text: string[] } {
  const accuracy = accuracyAt(runs, early);
  const corrections = selfCorrections(runs);
  const thirds = correctionsByThird(runs);
  const found = { early: { step: early, accuracy }, selfCorrections: corrections, correctionsByThird: thirds };
  if (corrections.includes(null)) return { found, text: ["ReTool's own training was not run with every seed."] };
  const totals = corrections.flatMap((one) =>
    one === null ? [] : [`${one.total}${one.first === null ? "" : ` (the first in step ${one.first})`}`],
  );
  const shares = thirds.map(({ attempted, succeeded }) => `${succeeded} of ${attempted} succeeded`);
  const seeds = accuracy?.each.map((mean) => mean.toFixed(3)).join(", ") ?? "";
  return {
    found,
    text: [
      `ReTool on MiniAIME-24 after ${early} of its ${steps} steps: ${accuracy ? `${said(accuracy.all)}; seed by seed ${seeds}` : "not scored"}.`,
      `Self-corrections in training, seed by seed: ${totals.join(", ")}.`,
      `Of those attempted, all seeds together, by thirds of the run: ${shares.join(", ")}.`,
    ],
  };
}

/** The share of the text-only twin's steps after which ReTool is looked at. */
const earlyShare = 0.4;

/** The table, and what the numbers must show, from whatever is finished. */
export function writeTable({ seeds, steps, out }: Pick<PaperRuns, "seeds" | "steps" | "out">, command: string): void {
  const folder = resolve(out);
  const rows = tableOf(seeds, folder);
  const retool = seeds.map((seed) => folderOf(folder, "retool", seed));
  // The paper's ReTool took 400 steps where text-only RL took 1080; runs are evaluated every so many steps.
  const { every } = makeConfig("spark").evaluation;
  const early = Math.floor((earlyShare * steps) / every) * every;
  const { found, text } = retoolText(retool, early, steps);
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
      "A cell without an interval: every problem was scored alike, so drawing them again says nothing.",
      passText(rows),
      ...text,
    ].join("\n\n") + "\n",
  );
  console.log(`\n${tableText(rows)}\n\nKept in ${join(out, "table.md")} and table.json.`);
}
