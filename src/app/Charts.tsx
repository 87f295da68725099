import { useMemo, useState } from "react";
import { type MetricId, metrics, type MetricRow } from "../core/metrics";
import { Chart } from "../ui/Chart";
import type { Curve } from "../ui/chart-options";
import { Choice } from "../ui/Choice";
import { Mended } from "../ui/Mended";
import { MetricTable } from "../ui/MetricTable";
import styles from "./Charts.module.css";
import { useLab, usePageContext, useWords } from "./context";
import { Figure3 } from "./Figure3";
import { chartRows, type ChartRows, MetricChart, savePicture, valuesOf } from "./MetricChart";
import { Scores } from "./Scores";

const firstShown: readonly MetricId[] = [
  "accuracy",
  "codeRatio",
  "reward",
  "responseLength",
  "codePassRate",
  "invocationTiming",
];

const allMetrics = Object.keys(metrics).filter((id): id is MetricId => id in metrics);

function PhaseTimeChart({ rows, steps, marks, theme }: ChartRows) {
  const { words, language } = useWords();
  const curves: Curve[] = useMemo(
    () => [
      { label: words.charts.writing, values: valuesOf(rows, "rolloutSeconds"), color: "blue" },
      { label: words.charts.learning, values: valuesOf(rows, "learnSeconds"), color: "orange" },
      { label: words.charts.python, values: valuesOf(rows, "sandboxSeconds"), color: "teal" },
    ],
    [words, rows],
  );
  return (
    <Chart
      title={words.charts.phaseTime}
      formula={words.charts.phaseTimeFormula}
      healthy={words.charts.phaseTimeHealthy}
      unit="seconds"
      steps={steps}
      curves={curves}
      marks={marks}
      start={null}
      theme={theme}
      language={language}
      words={words.charts}
      measures={words.measures}
      onSave={savePicture("time-by-phase")}
    />
  );
}

interface ChooseProps {
  shown: readonly MetricId[];
  withTimes: boolean;
  onChange: (shown: readonly MetricId[]) => void;
  onTimes: (shown: boolean) => void;
}

function ChooseCurves({ shown, withTimes, onChange, onTimes }: ChooseProps) {
  const { words, language } = useWords();
  return (
    <details className={styles.choose}>
      <summary>{words.charts.choose}</summary>
      <div className={styles.menu}>
        {allMetrics.map((id) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={shown.includes(id)}
              onChange={(event) =>
                onChange(event.target.checked ? [...shown, id] : shown.filter((other) => other !== id))
              }
            />
            {metrics[id].label[language]}
          </label>
        ))}
        <label>
          <input type="checkbox" checked={withTimes} onChange={(event) => onTimes(event.target.checked)} />
          {words.charts.phaseTime}
        </label>
      </div>
    </details>
  );
}

/** The bent arrows along the time axis; each opens the first self-correction of its step. */
function Corrections({ rows }: { rows: readonly MetricRow[] }) {
  const { words } = useWords();
  const { store, episodes } = usePageContext();
  const marked = rows.filter((row) => (row.values.selfCorrections ?? 0) > 0);
  const count = (id: MetricId): number => rows.reduce((sum, row) => sum + (row.values[id] ?? 0), 0);
  const first = marked.at(0)?.step;
  const said = words.measures.corrections(count("selfCorrections"), count("selfCorrectionAttempts"), first);
  const end = Math.max(5, rows.at(-1)?.step ?? 0);
  const open = (step: number): void => {
    const episode = episodes.selfCorrections().find((other) => other.step === step);
    if (episode) store.setState({ view: "episodes", selected: episode.id, sideBySide: false });
  };
  return (
    <div className={styles.corrections}>
      <span>{said}</span>
      <ul className={styles.axis} aria-label={words.charts.selfRow}>
        {marked.map(({ step, values }) => (
          <li key={step}>
            <button
              type="button"
              className={styles.mark}
              style={{ left: `${(100 * step) / end}%` }}
              aria-label={words.charts.selfAt(values.selfCorrections ?? 0, step)}
              title={words.charts.selfAt(values.selfCorrections ?? 0, step)}
              onClick={() => open(step)}
            >
              <Mended />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

const modes = ["picture", "figure3", "scores", "table"] as const;
type Mode = (typeof modes)[number];

/** The middle column: small charts of what matters, the paper's Figure 3, the scores, or the curves as a table. */
export function Charts() {
  const { words, language } = useWords();
  const rows = useLab((state) => state.run.rows);
  const theme = useLab((state) => state.theme);
  const [shown, setShown] = useState(firstShown);
  const [withTimes, setWithTimes] = useState(false);
  const [mode, setMode] = useState<Mode>("picture");
  const shared = useMemo(() => chartRows(rows, theme), [rows, theme]);
  const names: Record<Mode, string> = {
    picture: words.charts.picture,
    figure3: words.measures.figure3,
    scores: words.measures.scores,
    table: words.charts.table,
  };
  return (
    <section className={styles.panel} aria-label={words.charts.title}>
      <div className={styles.head}>
        <h2>{names[mode]}</h2>
        {mode === "picture" || mode === "table" ? (
          <ChooseCurves shown={shown} withTimes={withTimes} onChange={setShown} onTimes={setWithTimes} />
        ) : null}
        <Choice
          hideLabel
          label={words.charts.title}
          value={mode}
          options={modes.map((value) => ({ value, label: names[value] }))}
          onChange={setMode}
        />
      </div>
      {mode === "table" ? <MetricTable rows={rows} ids={shown} words={words.charts} language={language} /> : null}
      {mode === "picture" ? (
        <div className={styles.grid}>
          {shown.map((id) => (
            <MetricChart key={id} id={id} {...shared} />
          ))}
          {withTimes ? <PhaseTimeChart {...shared} /> : null}
        </div>
      ) : null}
      {mode === "figure3" ? <Figure3 /> : null}
      {mode === "scores" ? <Scores /> : null}
      <Corrections rows={rows} />
    </section>
  );
}
