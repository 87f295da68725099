import { codePurposes } from "../core/code-purpose";
import type { EvaluationReport } from "../core/evaluation";
import { formatValue } from "../ui/format";
import { PairedBars } from "../ui/PairedBars";
import { useLab, useWords } from "./context";
import styles from "./Purposes.module.css";

const snippetsOf = ({ purposes }: EvaluationReport): number =>
  codePurposes.reduce((sum, purpose) => sum + purposes[purpose], 0);

/** What the code was for at the first evaluation and at the last. */
export function Purposes() {
  const { words, language } = useWords();
  const { measures } = words;
  const reports = useLab((state) => state.run.evaluations).filter(({ set }) => set === "MiniAIME-24");
  const [first, last] = [reports.at(0), reports.at(-1)];
  if (!first || !last) return null;
  const isOne = first === last;
  const share = (report: EvaluationReport, purpose: (typeof codePurposes)[number]): number =>
    report.purposes[purpose] / Math.max(1, snippetsOf(report));
  const present = codePurposes.filter((purpose) => first.purposes[purpose] + last.purposes[purpose] > 0);
  const said = (value: number): string => (value > 0 && value < 0.005 ? "<1 %" : formatValue(value, "share", language));
  return (
    <section className={styles.purposes} aria-label={measures.purposes}>
      <PairedBars
        title={measures.purposes}
        before={measures.snippetsAt(first.step, snippetsOf(first))}
        after={isOne ? null : measures.snippetsAt(last.step, snippetsOf(last))}
        bars={present.map((purpose) => {
          const [before, after] = [share(first, purpose), share(last, purpose)];
          return {
            name: measures.purposeNames[purpose],
            hint: measures.purposeHints[purpose],
            before,
            after,
            text: isOne ? said(before) : `${said(before)} → ${said(after)}`,
          };
        })}
      />
      <details className={styles.rules}>
        <summary>{measures.purposeRules}</summary>
        <p>
          {measures.purposesNote} {measures.purposePaper}
        </p>
        <dl>
          {(Object.keys(measures.purposeHints) as (typeof codePurposes)[number][]).map((purpose) => (
            <div key={purpose}>
              <dt>{measures.purposeNames[purpose]}</dt>
              <dd>{measures.purposeHints[purpose]}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}
