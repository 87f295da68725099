/** Pictures of a comparison: the panels that say most of a run, each with all groups in it. */
import { type Metric, type MetricId, metrics } from "../core/metrics";
import { type RunGroup, seriesOf } from "./comparison";
import { escapeMarkup } from "./format";
import { type ChartSeries, lineChart } from "./svg-chart";

/** How a group is drawn, in the order of groups: told apart by colour-blind readers, and in print by the dashes. */
export type Look = Pick<ChartSeries, "colour" | "dashed">;

/** Okabe and Ito's colours; those of a second round are dashed. */
const colours = ["#0072b2", "#d55e00", "#009e73", "#b5528a", "#8a6d00", "#555555"];

export const lookOf = (place: number): Look => ({
  colour: colours[place % colours.length],
  dashed: place % 2 === 1,
});

export const comparedMetrics: readonly MetricId[] = [
  "accuracy",
  "accuracyByCode",
  "reward",
  "codeRatio",
  "responseLength",
  "entropy",
];

/** The paper's Figure 3. */
export const figure3Metrics: readonly MetricId[] = [
  "evaluationResponseLength",
  "evaluationResponseLengthWithInterpreter",
  "evaluationCodeRatio",
  "evaluationCodeLines",
  "evaluationCorrectCode",
  "evaluationPassRateRight",
  "evaluationPassRateWrong",
  "evaluationInvocationTiming",
];

/** Snippets mended: tried and done. */
export const correctionCurves: readonly MetricId[] = ["selfCorrectionAttempts", "selfCorrections"];

/** One metric of all groups. @param xLabel the words of the axis */
export function comparisonChart(
  groups: readonly RunGroup[],
  id: MetricId,
  words: { language: "en" | "zh"; xLabel: string },
  look: (place: number) => Look = lookOf,
): string {
  const { label, formula, unit, range }: Metric = metrics[id];
  const corrected = groups.flatMap(({ runs }) =>
    runs.flatMap(({ rows }) => rows.flatMap(({ step, values }) => (values.selfCorrections ? [step] : []))),
  );
  return lineChart({
    title: label[words.language],
    description: `${formula}; ${groups.map(({ name, runs }) => `${name} (${runs.length})`).join(", ")}`,
    unit,
    range,
    xLabel: words.xLabel,
    series: groups.map((group, place) => seriesOf(group, id, look(place))),
    nameless: true,
    // The first is marked: one sees what was different before it.
    ...(id === "selfCorrections" && corrected.length > 0 ? { marks: [Math.min(...corrected)] } : {}),
  });
}

const panel = { width: 360, height: 210, gap: 24, columns: 2 };
const nameHeight = 18;

const style = `text{font:11px system-ui,sans-serif;fill:#333}.title{font-weight:600;fill:#111}
.axis,.grid{stroke:#ddd}.mark{fill:#7b3fa0}.mark-line{stroke:#7b3fa0;stroke-dasharray:1 3}`;

/** Several metrics in one picture that stands by itself, with the groups' names below. The same runs give the same text. */
export function comparisonPicture(groups: readonly RunGroup[], ids: readonly MetricId[]): string {
  const charts = ids.map((id, i) => {
    const x = (i % panel.columns) * (panel.width + panel.gap);
    const y = Math.floor(i / panel.columns) * (panel.height + panel.gap);
    const place = `overflow="visible" x="${x}" y="${y}" width="${panel.width}" height="${panel.height}"`;
    return comparisonChart(groups, id, { language: "en", xLabel: "step" }).replace("<svg ", `<svg ${place} `);
  });
  const rows = Math.ceil(ids.length / panel.columns);
  const names = groups.map(({ name, runs }, place) => {
    const { colour, dashed } = lookOf(place);
    const y = rows * (panel.height + panel.gap) + nameHeight * (place + 0.5);
    const seeds = runs.map(({ config }) => config.seed).join(", ");
    const line = `<line x1="0" x2="24" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"${dashed ? ' stroke-dasharray="5 4"' : ""}/>`;
    return `${line}<text x="32" y="${y}" dy="0.32em">${escapeMarkup(name)}, seeds ${seeds}</text>`;
  });
  const width = panel.columns * (panel.width + panel.gap);
  const height = rows * (panel.height + panel.gap) + nameHeight * groups.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 ${width + 12} ${height + 24}" width="${width + 12}" height="${height + 24}">`,
    `<style>${style}</style><rect x="-12" y="-12" width="${width + 12}" height="${height + 24}" fill="#fff"/>`,
    ...charts,
    ...names,
    "</svg>\n",
  ].join("");
}
