import { useMemo, useState } from "react";
import { type MetricId, metrics } from "../core/metrics";
import { type ComparedRun, groupRuns, type RunGroup, unfairnesses } from "../storage/comparison";
import {
  comparedMetrics,
  comparisonChart,
  comparisonPicture,
  figure3Metrics,
  correctionCurves,
  type Look,
} from "../storage/comparison-figures";
import { Button } from "../ui/Button";
import { Choice } from "../ui/Choice";
import { ScrollTable } from "../ui/ScrollTable";
import { TableHead } from "../ui/TableHead";
import { CompareFiles } from "./CompareFiles";
import { comparisonTable, differenceSentence, presentRun, tableCsv } from "./compare";
import styles from "./CompareView.module.css";
import { useLab, usePageContext, useWords } from "./context";
import { download } from "./exports";
import { OutsideModel } from "./OutsideModel";

const colours = ["var(--blue)", "var(--orange)", "var(--teal)", "var(--tok-keyword)", "var(--green)", "var(--quiet)"];

/** Colours of the theme; every second line is dashed, so that it can be told apart without colour. */
const lookOf = (place: number): Look => ({ colour: colours[place % colours.length], dashed: place % 2 === 1 });

function Sample({ place }: { place: number }) {
  const { colour, dashed } = lookOf(place);
  return (
    <svg width="28" height="8" aria-hidden>
      <line x1="0" x2="28" y1="4" y2="4" stroke={colour} strokeWidth="3" strokeDasharray={dashed ? "6 4" : undefined} />
    </svg>
  );
}

interface GroupsProps {
  groups: readonly RunGroup[];
  shown: readonly RunGroup[];
  onToggle: (group: RunGroup) => void;
}

function Groups({ groups, shown, onToggle }: GroupsProps) {
  const { words } = useWords();
  const { store } = usePageContext();
  const remove = ({ runs }: RunGroup): void => {
    const gone = new Set(runs.map(({ id }) => id));
    store.setState((state) => ({ compared: state.compared.filter(({ id }) => !gone.has(id)) }));
  };
  return (
    <ul className={styles.groups}>
      {groups.map((group) => {
        const seeds = words.compare.seeds(group.runs.map(({ config }) => config.seed).join(", "), group.runs.length);
        const place = shown.indexOf(group);
        return (
          <li key={group.runs[0].id}>
            <label>
              <input
                type="checkbox"
                aria-label={words.compare.shown(group.name)}
                checked={place >= 0}
                onChange={() => onToggle(group)}
              />
              {place >= 0 ? <Sample place={place} /> : null}
              {group.name}, {seeds}
            </label>
            {group.runs.some(({ id }) => id === "present") ? null : (
              <Button look="plain" label={`${words.compare.remove} ${group.name}`} onPress={() => remove(group)}>
                {words.compare.remove}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** What can be overlaid. */
const panels = [
  { name: "curves", ids: comparedMetrics },
  { name: "figure3", ids: figure3Metrics },
  { name: "corrections", ids: correctionCurves },
] as const;

function Panels({ groups }: { groups: readonly RunGroup[] }) {
  const { words, language } = useWords();
  const [chosen, setChosen] = useState<(typeof panels)[number]["name"]>("curves");
  const labels = {
    curves: words.charts.picture,
    figure3: words.measures.figure3,
    corrections: metrics.selfCorrections.label[language],
  };
  return (
    <>
      <div>
        <Choice
          hideLabel
          label={words.charts.title}
          value={chosen}
          options={panels.map(({ name }) => ({ value: name, label: labels[name] }))}
          onChange={setChosen}
        />
      </div>
      <Charts groups={groups} ids={panels.find(({ name }) => name === chosen)?.ids ?? comparedMetrics} />
    </>
  );
}

function Charts({ groups, ids }: { groups: readonly RunGroup[]; ids: readonly MetricId[] }) {
  const { words, language } = useWords();
  return (
    <div className={styles.charts}>
      {ids.map((id) => {
        const title = metrics[id].label[language];
        const picture = comparisonChart(groups, id, { language, xLabel: words.compare.step }, lookOf);
        return (
          <figure key={id} className={styles.chart} aria-label={title}>
            {/* The chart's writer escapes every name. */}
            {/* oxlint-disable-next-line react/no-danger */}
            <div dangerouslySetInnerHTML={{ __html: picture }} />
            <Button
              look="plain"
              label={words.compare.saveChart(title)}
              onPress={() => download(`compare-${id}.svg`, comparisonPicture(groups, [id]), "image/svg+xml")}
            >
              .svg
            </Button>
          </figure>
        );
      })}
    </div>
  );
}

function Table({ groups }: { groups: readonly RunGroup[] }) {
  const { words, language } = useWords();
  const outside = useLab((state) => state.outsideScores);
  const cells = useMemo(
    () => comparisonTable(groups, words.compare, language, outside),
    [groups, words, language, outside],
  );
  const [titles, ...rows] = cells;
  return (
    <section className={styles.groups}>
      <h3>{words.compare.table}</h3>
      <ScrollTable label={words.compare.table}>
        <TableHead titles={titles} />
        <tbody>
          {rows.map(([name, ...numbers], row) => (
            <tr key={groups.at(row)?.runs[0].id ?? name}>
              <th scope="row">{name}</th>
              {numbers.map((text, i) => (
                <td key={titles[i + 1]} className={styles.number}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <p className={styles.quiet}>{words.compare.interval}</p>
      <div>
        <Button onPress={() => download("comparison.csv", tableCsv(cells), "text/csv")}>
          {words.compare.saveTable}
        </Button>
      </div>
    </section>
  );
}

/** The runs that are there: those of this tab, and those that were loaded. */
function useRuns(): readonly ComparedRun[] {
  const { words } = useWords();
  const run = useLab((state) => state.run);
  const info = useLab((state) => state.info);
  const compared = useLab((state) => state.compared);
  return useMemo(() => {
    const present = presentRun({ run, info }, words.compare.present);
    return present ? [present, ...compared] : compared;
  }, [run, info, compared, words]);
}

function Comparison({ runs }: { runs: readonly ComparedRun[] }) {
  const { words, language } = useWords();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const groups = useMemo(() => groupRuns(runs), [runs]);
  const shown = useMemo(() => groups.filter((group) => !hidden.has(group.runs[0].id)), [groups, hidden]);
  const toggle = ({ runs: [{ id }] }: RunGroup): void => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setHidden(next);
  };
  return (
    <>
      <Groups groups={groups} shown={shown} onToggle={toggle} />
      {shown.length > 1 ? <p className={styles.what}>{differenceSentence(shown, words.compare, language)}</p> : null}
      {unfairnesses(shown).map((what) => (
        <p key={what} className={styles.unfair}>
          {words.compare.unfair[what]}
        </p>
      ))}
      {shown.length > 0 ? <Panels groups={shown} /> : null}
      {shown.length > 0 ? <Table groups={shown} /> : null}
    </>
  );
}

/** Runs overlaid, with what they differ in. */
export function CompareView() {
  const { words } = useWords();
  const runs = useRuns();
  return (
    <div className={styles.view}>
      <h2>{words.compare.title}</h2>
      <p className={styles.what}>{runs.length > 0 ? words.compare.what : words.compare.empty}</p>
      <CompareFiles />
      {runs.length > 0 ? <Comparison runs={runs} /> : null}
      <OutsideModel />
    </div>
  );
}
