/**
 * The figures of the paper's experiment from the runs that are there: training curves of what is compared, the paper's
 * Figure 3, self-correction, what the code is for, each as SVG and as PNG; and the runs in one small file, which the
 * page's Compare view offers as an example.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { chromium } from "@playwright/test";
import { codePurposes, noPurposes } from "../../../src/core/code-purpose";
import type { EvaluationReport } from "../../../src/core/evaluation";
import type { MetricId } from "../../../src/core/metrics";
import { type ComparedRun, groupRuns } from "../../../src/storage/comparison";
import { readRuns, writeBundle } from "../../../src/storage/comparison-files";
import {
  comparedMetrics,
  comparisonPicture,
  figure3Metrics,
  lookOf,
  correctionCurves,
} from "../../../src/storage/comparison-figures";
import { purposesPicture, type PurposeCounts } from "../../../src/storage/purposes-picture";
import { chromiumArguments } from "../chromium.mjs";
import { folderOf } from "./paper-runs";
import { linesOf } from "./lines";

/** What is drawn: the arm that trains, the one that scores what it left, and its name for people. */
const drawn = [
  { arm: "retool", scored: "retool-scored", name: "ReTool" },
  { arm: "text", scored: "text-scored", name: "text-only RL" },
  { arm: "interpreter-learned", scored: "interpreter-learned-scored", name: "interpreter tokens learned" },
] as const;

const fileNames = ["run.json", "metrics.jsonl", "evaluations.jsonl"];

function runIn(folder: string): ComparedRun | null {
  const files = fileNames.map((name) => join(folder, name)).filter((file) => existsSync(file));
  if (!files.includes(join(folder, "run.json"))) return null;
  return readRuns(files.map((path) => ({ path, text: readFileSync(path, "utf8") })))[0];
}

/** The trained arms under their names, each with the scores of what it left; what was not run is left out. */
export function comparedArms(out: string, seeds: readonly number[]): ComparedRun[] {
  return drawn.flatMap(({ arm, scored, name }) =>
    seeds.flatMap((seed) => {
      const run = runIn(folderOf(out, arm, seed));
      const score = runIn(folderOf(out, scored, seed));
      if (!run) return [];
      const step = Math.max(...run.rows.map((row) => row.step));
      const scores = (score?.evaluations ?? []).map((report) => ({ ...report, step }));
      return [{ ...run, id: `${arm}/${seed}`, name, evaluations: scores }];
    }),
  );
}

/** What is counted before and after: the purposes of all snippets on MiniAIME-24. */
const counted = [
  { arm: "cold-start", name: "cold start", colour: lookOf(1).colour },
  { arm: "retool-scored", name: "after ReTool's RL", colour: lookOf(0).colour },
] as const;

/** The snippets of those arms by purpose, all seeds together; an arm that was not scored with every seed is left out. */
export function countedArms(out: string, seeds: readonly number[]): PurposeCounts[] {
  return counted.flatMap(({ arm, name, colour }) => {
    const counts = { ...noPurposes };
    for (const seed of seeds) {
      const file = join(folderOf(out, arm, seed), "evaluations.jsonl");
      const last = linesOf<EvaluationReport>(file).findLast(({ set }) => set === "MiniAIME-24");
      if (!last) return [];
      for (const purpose of codePurposes) counts[purpose] += last.purposes[purpose];
    }
    return [{ name, colour, counts }];
  });
}

/** What the example needs to draw and to count. */
const kept: readonly MetricId[] = [...comparedMetrics, ...figure3Metrics, ...correctionCurves, "accuracy25"];

const rounded = (value: number): number => Number(value.toPrecision(5));

function small(run: ComparedRun): ComparedRun {
  const rows = run.rows.map((row) => {
    const values = kept.flatMap((id) => {
      const value = row.values[id];
      return value === undefined ? [] : [[id, rounded(value)] as const];
    });
    return { ...row, values: Object.fromEntries(values) };
  });
  return { ...run, rows };
}

/** Draws with the browser that the runs used. */
async function writePng(svg: string, file: string, executablePath: string): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: chromiumArguments });
  try {
    const page = await browser.newPage({ deviceScaleFactor: 2 });
    await page.setContent(`<body style="margin:0">${svg}</body>`);
    await page.locator("svg").first().screenshot({ path: file });
  } finally {
    await browser.close();
  }
}

/** Writes the figures into `out`, and the example to `example`. Does nothing while no run that is drawn is there. */
export async function writeFigures(
  out: string,
  seeds: readonly number[],
  { command, executable, example }: { command: string; executable: string; example: string },
): Promise<void> {
  const runs = comparedArms(out, seeds);
  if (runs.length === 0) return;
  const groups = groupRuns(runs);
  for (const [name, ids] of [
    ["curves", comparedMetrics],
    ["figure-3", figure3Metrics],
    ["self-correction", correctionCurves],
  ] as const) {
    const picture = comparisonPicture(groups, ids);
    writeFileSync(join(out, `${name}.svg`), picture);
    await writePng(picture, join(out, `${name}.png`), executable);
  }
  const purposes = countedArms(out, seeds);
  if (purposes.length > 0) {
    const picture = purposesPicture(purposes);
    writeFileSync(join(out, "purposes.svg"), picture);
    await writePng(picture, join(out, "purposes.png"), executable);
  }
  mkdirSync(dirname(example), { recursive: true });
  writeFileSync(example, writeBundle(runs.map(small), { command, seeds }));
}
