/**
 * Runs beside one another: which are the same but for the seed, what the others differ in, where a comparison would not
 * be fair, and the numbers of each with their intervals.
 */
import type { LabConfig } from "../config/schema";
import { flatten, settings, type SettingValue } from "../config/settings";
import type { EvaluationSet, Measure } from "../core/evaluation";
import type { MetricId, MetricRow } from "../core/metrics";
import { acrossSeeds, type ScoredSet } from "../core/seeds";
import { mean } from "../core/stats";
import type { ChartSeries } from "./svg-chart";

/** A run as it is compared. */
export interface ComparedRun {
  /** Unique among the runs that are compared. */
  id: string;
  name: string;
  config: LabConfig;
  /** Where its first weights came from. */
  checkpoint: string;
  /** What ran the policy: "wasm", "webgpu". */
  backend: string;
  rows: readonly MetricRow[];
  evaluations: readonly ScoredSet[];
}

/** Runs that differ in nothing but the seed. */
export interface RunGroup {
  name: string;
  runs: readonly [ComparedRun, ...ComparedRun[]];
}

/** A configuration without what a comparison of seeds varies, and with where the run began. */
function conditions({ config, checkpoint, backend }: ComparedRun): Record<string, SettingValue> {
  return { ...flatten(config), seed: 0, checkpoint, backendInUse: backend };
}

/** Groups runs by their configuration without the seed, in the order in which they come. */
export function groupRuns(runs: readonly ComparedRun[]): RunGroup[] {
  const groups = new Map<string, RunGroup>();
  for (const run of runs) {
    const key = JSON.stringify(conditions(run));
    const group = groups.get(key);
    groups.set(key, { name: group?.name ?? run.name, runs: group ? [...group.runs, run] : [run] });
  }
  return [...groups.values()];
}

/** A setting in which groups differ, with the value of each. */
export interface Difference {
  label: { en: string; zh: string };
  values: readonly string[];
}

const besides = [
  { key: "checkpoint", label: { en: "checkpoint", zh: "起点" } },
  { key: "backendInUse", label: { en: "backend in use", zh: "实际后端" } },
] as const;

/** How a cold start was made says least of a run: it is told last. */
const isLast = (key: string): boolean => key.startsWith("coldStart.");

/** What the groups differ in, in the schema's order. */
export function differences(groups: readonly RunGroup[]): Difference[] {
  const each = groups.map(({ runs }) => conditions(runs[0]));
  const all = [...settings, ...besides];
  return [...all.filter(({ key }) => !isLast(key)), ...all.filter(({ key }) => isLast(key))].flatMap(
    ({ key, label }) => {
      const values = each.map((values) => String(values[key]));
      return new Set(values).size > 1 ? [{ label, values }] : [];
    },
  );
}

/** Why a comparison of the groups would not be fair. */
export type Unfairness = "steps" | "samples" | "backend" | "seeds" | "one-seed";

const lastStep = ({ rows }: ComparedRun): number => Math.max(0, ...rows.map(({ step }) => step));

export function unfairnesses(groups: readonly RunGroup[]): Unfairness[] {
  if (groups.length < 2) return [];
  const differ = (value: (run: ComparedRun) => unknown): boolean =>
    new Set(groups.flatMap(({ runs }) => runs.map((run) => JSON.stringify(value(run))))).size > 1;
  const seeds = groups.map(({ runs }) => runs.map(({ config }) => config.seed).toSorted((a, b) => a - b));
  const found: [Unfairness, boolean][] = [
    ["steps", differ(lastStep)],
    ["samples", differ(({ config: { evaluation } }) => [evaluation.samples, evaluation.temperature, evaluation.topP])],
    ["backend", differ(({ backend }) => backend)],
    ["seeds", new Set(seeds.map((own) => own.join())).size > 1],
    ["one-seed", seeds.some((own) => own.length === 1)],
  ];
  return found.flatMap(([what, isSo]) => (isSo ? [what] : []));
}

/** A group's numbers at the end of its runs. */
export interface GroupScore {
  steps: number;
  /** Of training, over all its runs. */
  episodes: number;
  scores: Partial<Record<EvaluationSet, { accuracy: Measure; byCode: Measure }>>;
  /** Means over seeds of the last evaluation's; null where none was made. */
  codeRatio: number | null;
  selfCorrections: number;
  /** The first step with one, of any seed. */
  firstSelfCorrection: number | null;
}

const sets: readonly EvaluationSet[] = ["MiniAIME-24", "MiniAIME-25", "left-out"];

/** The last reports of a set, where every run has one and all are of the same problems. */
function lastReports({ runs }: RunGroup, set: EvaluationSet): ScoredSet[] | null {
  const reports = runs.flatMap(({ evaluations }) => evaluations.findLast((report) => report.set === set) ?? []);
  const ids = new Set(reports.map(({ problems }) => problems.map(({ id }) => id).join()));
  return reports.length === runs.length && ids.size === 1 ? reports : null;
}

export function scoreOf(group: RunGroup): GroupScore {
  const { runs } = group;
  const scores: GroupScore["scores"] = {};
  for (const set of sets) {
    const reports = lastReports(group, set);
    if (!reports) continue;
    const { accuracy, accuracyByCode } = acrossSeeds(reports);
    scores[set] = { accuracy, byCode: accuracyByCode };
  }
  const ratios = runs.flatMap(
    ({ rows }) =>
      rows.findLast(({ values }) => values.evaluationCodeRatio !== undefined)?.values.evaluationCodeRatio ?? [],
  );
  const corrected = runs.flatMap(({ rows }) =>
    rows.flatMap(({ step, values }) => (values.selfCorrections ? [{ step, count: values.selfCorrections }] : [])),
  );
  return {
    steps: Math.max(...runs.map(lastStep)),
    episodes: runs.reduce((sum, { rows }) => sum + (rows.at(-1)?.episodes ?? 0), 0),
    scores,
    codeRatio: ratios.length > 0 ? mean(ratios) : null,
    selfCorrections: corrected.reduce((sum, { count }) => sum + count, 0),
    firstSelfCorrection: corrected.length > 0 ? Math.min(...corrected.map(({ step }) => step)) : null,
  };
}

/** The group's curve of a metric over steps: the mean of its seeds, with a band from the least to the greatest. */
export function seriesOf(
  { name, runs }: RunGroup,
  metric: MetricId,
  look: Pick<ChartSeries, "colour" | "dashed">,
): ChartSeries {
  const byStep = new Map<number, number[]>();
  for (const { rows } of runs) {
    for (const { step, values } of rows) {
      const value = values[metric];
      if (value !== undefined) byStep.set(step, [...(byStep.get(step) ?? []), value]);
    }
  }
  // A step that only some seeds have reached would bend the mean.
  const whole = [...byStep].filter(([, values]) => values.length === runs.length).toSorted(([a], [b]) => a - b);
  return {
    label: name,
    ...look,
    dots: whole.length < 20,
    points: whole.map(([step, values]) => [step, mean(values)] as const),
    band:
      runs.length > 1 ? whole.map(([step, values]) => [step, Math.min(...values), Math.max(...values)] as const) : [],
  };
}
