/** A run's result in its report: each set at its first and its last evaluation, with intervals, and the last in detail. */
import type { EvaluationReport, Measure, PassAtK, Score } from "../core/evaluation";
import type { MetricRow } from "../core/metrics";
import { escapeMarkup, formatValue } from "./format";

/** The evaluations of the set that curves are drawn of. */
export function mainSet(evaluations: readonly EvaluationReport[]): EvaluationReport[] {
  return evaluations.filter(({ set }) => set === "MiniAIME-24");
}

const share = (value: number): string => formatValue(value, "share");

function measured({ mean, bounds }: Measure): string {
  return bounds ? `${share(mean)} (${share(bounds[0])} to ${share(bounds[1])})` : share(mean);
}

const row = (cells: readonly string[]): string =>
  `<tr>${cells.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join("")}</tr>`;

const table = (head: readonly string[], rows: readonly string[]): string =>
  [
    `<table><thead><tr>${head.map((cell) => `<th>${escapeMarkup(cell)}</th>`).join("")}</tr></thead>`,
    `<tbody>${rows.join("")}</tbody></table>`,
  ].join("");

function scoreRows(scores: readonly Score[], name: (score: Score) => string): string[] {
  return scores.map((score) =>
    row([
      name(score),
      String(score.problems),
      String(score.samples),
      measured(score.accuracy),
      measured(score.accuracyByCode),
      ...(score.pass ? [measured(score.pass.right)] : []),
    ]),
  );
}

function passRows(passes: readonly PassAtK[]): string[] {
  return passes.map(({ k, right, byCode }) => row([`pass@${k}`, measured(right), measured(byCode)]));
}

function drawDetail({ title, step, all, byLevel, byFamily, passAtK, problems }: EvaluationReport): string {
  const pass = all.pass ? [`pass@${all.pass.k}`] : [];
  const scores = table(
    ["", "problems", "samples", "right", "right by code", ...pass],
    [...scoreRows(byLevel, ({ name }) => `level ${name}`), ...scoreRows(byFamily, ({ name }) => name)],
  );
  const each = problems.map((problem) =>
    row([
      problem.question,
      problem.family,
      String(problem.level),
      String(problem.answer),
      `${problem.right}/${problem.samples}`,
      `${problem.byCode}/${problem.samples}`,
    ]),
  );
  return [
    `<details><summary>${escapeMarkup(title)} at step ${step}, in detail</summary>`,
    table(["", "right", "right by code"], passRows(passAtK)),
    byLevel.length > 0 ? scores : "",
    table(["problem", "family", "level", "answer", "right", "right by code"], each),
    "</details>",
  ].join("\n");
}

function drawSet(reports: readonly EvaluationReport[]): string {
  const [first, last] = [reports[0], reports[reports.length - 1]];
  const { all, title, temperature, topP } = last;
  const line = (name: string, which: "accuracy" | "accuracyByCode"): string =>
    row([name, measured(first.all[which]), measured(all[which])]);
  const samples = `${all.samples} answers to ${all.problems} problems, temperature ${temperature}, top-p ${topP}`;
  return [
    table(
      [title, `step ${first.step}`, `step ${last.step}`],
      [line(`right, all ${all.problems} problems`, "accuracy"), line("right by code", "accuracyByCode")],
    ),
    `<p class="soft">${escapeMarkup(samples)}.</p>`,
    drawDetail(last),
  ].join("\n");
}

/** The section with everything that was scored. */
export function drawResult(evaluations: readonly EvaluationReport[], rows: readonly MetricRow[]): string {
  const head = '<h2>Result</h2><p class="soft">Means with 95 % bootstrap intervals over problems.</p>';
  if (evaluations.length === 0) return `${head}<p>The run ended before its first evaluation.</p>`;
  const sets = [...new Set(evaluations.map(({ set }) => set))];
  const corrected = rows.reduce((sum, { values }) => sum + (values.selfCorrections ?? 0), 0);
  return [
    head,
    ...sets.map((set) => drawSet(evaluations.filter((report) => report.set === set))),
    `<p>Self-corrections recorded: ${corrected}.</p>`,
  ].join("\n");
}
