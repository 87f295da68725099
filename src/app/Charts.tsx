import { useMemo, useState } from "react";
import { type MetricId, metrics, type MetricRow } from "../core/metrics";
import { Chart } from "../ui/Chart";
import type { Curve } from "../ui/chart-options";
import { Choice } from "../ui/Choice";
import { Mended } from "../ui/Mended";
import { MetricTable } from "../ui/MetricTable";
import styles from "./Charts.module.css";
import { useLab, usePageContext, useWords } from "./context";
import { download } from "./exports";

const firstShown: readonly MetricId[] = [
  "accuracy",
  "codeRatio",
  "reward",
  "responseLength",
  "codePassRate",
  "invocationTiming",
];

const allMetrics = Object.keys(metrics).filter((id): id is MetricId => id in metrics);

const valuesOf = (rows: readonly MetricRow[], id: MetricId): (number | null)[] =>
  rows.map((row) => row.values[id] ?? null);

/** Steps with self-corrections. */
const marksOf = (rows: readonly MetricRow[]): number[] =>
  rows.filter((row) => (row.values.selfCorrections ?? 0) > 0).map((row) => row.step);

interface Shared {
  rows: readonly MetricRow[];
  steps: readonly number[];
  marks: readonly number[];
  theme: string;
}

const savePicture = (name: string) => (picture: Blob) => download(`${name}.png`, picture, "image/png");

function MetricChart({ id, rows, steps, marks, theme }: Shared & { id: MetricId }) {
  const { words, language } = useWords();
  const metric: (typeof metrics)[MetricId] & { range?: readonly [number, number] } = metrics[id];
  const curves: Curve[] = useMemo(
    () => [{ label: metric.label[language], values: valuesOf(rows, id), color: "blue" }],
    [metric, language, rows, id],
  );
  return (
    <Chart
      title={metric.label[language]}
      formula={metric.formula}
      healthy={metric.healthy[language]}
      unit={metric.unit}
      range={metric.range}
      steps={steps}
      curves={curves}
      marks={marks}
      start={rows.find((row) => row.values[id] !== undefined)?.values[id] ?? null}
      theme={theme}
      language={language}
      words={words.charts}
      onSave={savePicture(id)}
    />
  );
}

function PhaseTimeChart({ rows, steps, marks, theme }: Shared) {
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
  const total = marked.reduce((sum, row) => sum + (row.values.selfCorrections ?? 0), 0);
  const end = Math.max(5, rows.at(-1)?.step ?? 0);
  const open = (step: number): void => {
    const episode = episodes.selfCorrections().find((other) => other.step === step);
    if (episode) store.setState({ view: "episodes", selected: episode.id, sideBySide: false });
  };
  return (
    <div className={styles.corrections}>
      <span>{words.charts.self(total)}</span>
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

/** The middle column: small charts of what matters, or the same numbers as a table. */
export function Charts() {
  const { words, language } = useWords();
  const rows = useLab((state) => state.run.rows);
  const theme = useLab((state) => state.theme);
  const [shown, setShown] = useState(firstShown);
  const [withTimes, setWithTimes] = useState(false);
  const [mode, setMode] = useState<"picture" | "table">("picture");
  const shared = useMemo(
    () => ({ rows, steps: rows.map((row) => row.step), marks: marksOf(rows), theme }),
    [rows, theme],
  );
  return (
    <section className={styles.panel} aria-label={words.charts.title}>
      <div className={styles.head}>
        <h2>{words.charts.title}</h2>
        <ChooseCurves shown={shown} withTimes={withTimes} onChange={setShown} onTimes={setWithTimes} />
        <Choice
          hideLabel
          label={words.charts.title}
          value={mode}
          options={[
            { value: "picture", label: words.charts.picture },
            { value: "table", label: words.charts.table },
          ]}
          onChange={setMode}
        />
      </div>
      {mode === "table" ? (
        <MetricTable rows={rows} ids={shown} words={words.charts} language={language} />
      ) : (
        <div className={styles.grid}>
          {shown.map((id) => (
            <MetricChart key={id} id={id} {...shared} />
          ))}
          {withTimes ? <PhaseTimeChart {...shared} /> : null}
        </div>
      )}
      <Corrections rows={rows} />
    </section>
  );
}
