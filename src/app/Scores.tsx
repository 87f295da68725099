import { useState } from "react";
import type { EvaluationReport, Measure, Score } from "../core/evaluation";
import { Select } from "../ui/Choice";
import { formatCount, formatValue, type Language } from "../ui/format";
import { ScrollTable } from "../ui/ScrollTable";
import { TableHead } from "../ui/TableHead";
import { useLab, useWords } from "./context";
import styles from "./Scores.module.css";

/** "83 % (76 % to 90 %)", the bounds where there are any. */
function Measured({ measure: { mean, bounds }, language }: { measure: Measure; language: Language }) {
  const share = (value: number): string => formatValue(value, "share", language);
  return (
    <td>
      {share(mean)}
      {bounds ? (
        <span className={styles.bounds}>
          ({share(bounds[0])} – {share(bounds[1])})
        </span>
      ) : null}
    </td>
  );
}

function ScoreRow({ name, score }: { name: string; score: Score }) {
  const { language } = useWords();
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{formatCount(score.problems, language)}</td>
      <Measured measure={score.accuracy} language={language} />
      <Measured measure={score.accuracyByCode} language={language} />
      {/* Its bounds stand above for all problems; the table has no room for a third pair. */}
      {score.pass ? <td>{formatValue(score.pass.right.mean, "share", language)}</td> : null}
    </tr>
  );
}

/** One heading over the rows of a split. */
function GroupHead({ title, columns }: { title: string; columns: number }) {
  return (
    <tr>
      <th scope="rowgroup" colSpan={columns} className={styles.groupHead}>
        {title}
      </th>
    </tr>
  );
}

function Parts({ report }: { report: EvaluationReport }) {
  const { words } = useWords();
  const { measures } = words;
  const { all, byLevel, byFamily } = report;
  const pass = all.pass ? [`pass@${all.pass.k}`] : [];
  const titles = [measures.part, measures.problems, measures.accuracy, measures.byCode, ...pass];
  return (
    <ScrollTable label={measures.scores} className={styles.table}>
      <TableHead titles={titles} />
      <tbody>
        <ScoreRow name={measures.allProblems} score={all} />
      </tbody>
      {byLevel.length > 0 ? (
        <>
          <tbody>
            <GroupHead title={measures.byLevel} columns={titles.length} />
            {byLevel.map((score) => (
              <ScoreRow key={score.name} name={words.episodes.level(Number(score.name))} score={score} />
            ))}
          </tbody>
          <tbody>
            <GroupHead title={measures.byFamily} columns={titles.length} />
            {byFamily.map((score) => (
              <ScoreRow key={score.name} name={score.name} score={score} />
            ))}
          </tbody>
        </>
      ) : null}
    </ScrollTable>
  );
}

function Passes({ report }: { report: EvaluationReport }) {
  const { words, language } = useWords();
  const { measures } = words;
  return (
    <ScrollTable label={measures.passAtK} className={styles.table}>
      <TableHead titles={[measures.passAtK, measures.accuracy, measures.byCode]} />
      <tbody>
        {report.passAtK.map(({ k, right, byCode }) => (
          <tr key={k}>
            <th scope="row">{`${measures.chance} = ${k}`}</th>
            <Measured measure={right} language={language} />
            <Measured measure={byCode} language={language} />
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function Problems({ report }: { report: EvaluationReport }) {
  const { words } = useWords();
  const { measures } = words;
  return (
    <details>
      <summary>{measures.byProblem}</summary>
      <ScrollTable label={measures.byProblem} className={styles.problems}>
        <TableHead titles={[measures.problem, measures.expected, measures.accuracy, measures.byCode]} />
        <tbody>
          {report.problems.map(({ id, question, answer, right, byCode, samples }) => (
            <tr key={id}>
              <th scope="row" title={id}>
                {question}
              </th>
              <td>{answer}</td>
              <td>{`${right} / ${samples}`}</td>
              <td>{`${byCode} / ${samples}`}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </details>
  );
}

const keyOf = ({ set, step }: EvaluationReport): string => `${set}/${step}`;

/** What an evaluation found: the newest of the first set, or the one that is chosen. */
export function Scores() {
  const { words, language } = useWords();
  const { measures } = words;
  const reports = useLab((state) => state.run.evaluations);
  const [chosen, setChosen] = useState<string | null>(null);
  const report =
    reports.find((other) => keyOf(other) === chosen) ?? reports.findLast(({ set }) => set === "MiniAIME-24");
  if (!report) return <p className={styles.quiet}>{measures.scoresNone}</p>;
  const { all, temperature, topP } = report;
  return (
    <div className={styles.scores}>
      <div className={styles.head}>
        <Select
          label={measures.evaluation}
          value={keyOf(report)}
          options={reports
            .toReversed()
            .map((other) => ({ value: keyOf(other), label: measures.at(other.title, other.step) }))}
          onChange={setChosen}
        />
        <span className={styles.quiet}>
          {measures.asked(formatCount(all.samples, language), all.problems, temperature, topP)}
        </span>
      </div>
      <Passes report={report} />
      <Parts report={report} />
      <p className={styles.quiet}>
        {measures.method} {measures.passMethod}
      </p>
      <Problems report={report} />
    </div>
  );
}
