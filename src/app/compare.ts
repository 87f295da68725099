/** What the Compare view puts together: the runs that are there, and what is said of them. */
import type { EvaluationReport, EvaluationSet, Measure } from "../core/evaluation";
import type { ScoredSet } from "../core/seeds";
import { type ComparedRun, differences, type RunGroup, scoreOf } from "../storage/comparison";
import type { Words } from "../i18n/en";
import { formatValue, type Language } from "../ui/format";
import type { PageState } from "./store";

/** Runs of this tab that are kept after a reset. */
const mostKept = 8;

/** The run that is open, as it is compared; null before it has a number. */
export function presentRun({ run, info }: Pick<PageState, "run" | "info">, name: string): ComparedRun | null {
  if (!info || run.rows.length === 0) return null;
  const { config, checkpoint, backend } = info;
  const evaluations: readonly ScoredSet[] = run.evaluations;
  return { id: "present", name, config, checkpoint, backend: backend.name, rows: run.rows, evaluations };
}

/** The runs of this tab with one more, under a name of its own. */
export function withKept(kept: readonly ComparedRun[], run: ComparedRun, number: number): ComparedRun[] {
  const named = { ...run, id: `kept/${number}`, name: `${run.config.preset} ${number}` };
  return [...kept, named].slice(-mostKept);
}

/** Differences that are told before "and so many more". */
const mostTold = 5;

/** What the groups differ in, as a sentence. */
export function differenceSentence(groups: readonly RunGroup[], words: Words["compare"], language: Language): string {
  const found = differences(groups);
  if (found.length === 0) return words.same;
  const told = found.slice(0, mostTold).map(({ label, values }) => `${label[language]} (${values.join(" / ")})`);
  const more = found.length > mostTold ? [words.more(found.length - mostTold)] : [];
  return words.differ([...told, ...more].join("; "));
}

const share = (value: number, language: Language): string => formatValue(value, "share", language);

/** A measure with its interval, as text. */
export function said(measure: Measure | undefined, words: Words["compare"], language: Language): string {
  if (!measure) return words.none;
  const { mean, bounds } = measure;
  return share(mean, language) + (bounds ? ` (${bounds.map((bound) => share(bound, language)).join(" – ")})` : "");
}

/** The scores of models from outside with one more: of each model the newest of those that most problems were asked of. */
export function withScore(scores: readonly EvaluationReport[], found: EvaluationReport): EvaluationReport[] {
  const known = scores.find(({ title }) => title === found.title);
  if (known && known.all.problems > found.all.problems) return [...scores];
  return [...scores.filter((other) => other !== known), found];
}

/**
 * The table's titles and rows, as text: groups of runs, then models from outside, which answer in text alone. The set of
 * families left out has its columns only where it was scored.
 */
export function comparisonTable(
  groups: readonly RunGroup[],
  words: Words["compare"],
  language: Language,
  outside: readonly EvaluationReport[] = [],
): string[][] {
  const scores = groups.map(scoreOf);
  const sets: readonly EvaluationSet[] = ["MiniAIME-24", "MiniAIME-25", "left-out"];
  const shown = sets.filter((set) => set !== "left-out" || scores.some((score) => score.scores[set]));
  const title = (set: EvaluationSet): string => (set === "left-out" ? words.leftOut : set);
  const facts = [words.codeRatio, words.steps, words.episodes, words.corrections];
  const titles = [words.run, ...shown.flatMap((set) => [title(set), words.byCode(title(set))]), ...facts];
  const rows = groups.map(({ name, runs }, place) => {
    const { scores: own, codeRatio, steps, episodes, selfCorrections, firstSelfCorrection } = scores[place];
    const seeds = words.seeds(runs.map(({ config }) => config.seed).join(", "), runs.length);
    const first = firstSelfCorrection === null ? "" : ` (${words.first(firstSelfCorrection)})`;
    return [
      `${name}, ${seeds}`,
      ...shown.flatMap((set) => [said(own[set]?.accuracy, words, language), said(own[set]?.byCode, words, language)]),
      codeRatio === null ? words.none : share(codeRatio, language),
      formatValue(steps, "count", language),
      formatValue(episodes, "count", language),
      `${formatValue(selfCorrections, "count", language)}${first}`,
    ];
  });
  const others = outside.map(({ title: model, set, all }) => [
    words.outsideRow(model, all.problems),
    ...shown.flatMap((column) => [column === set ? said(all.accuracy, words, language) : words.none, words.none]),
    ...facts.map(() => words.none),
  ]);
  return [titles, ...rows, ...others];
}

/** Cells as CSV. */
export function tableCsv(cells: readonly (readonly string[])[]): string {
  return cells.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}\n`).join("");
}
