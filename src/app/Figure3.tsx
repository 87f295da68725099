import { useMemo } from "react";
import { useLab, useWords } from "./context";
import styles from "./Charts.module.css";
import { Purposes } from "./Purposes";
import { chartRows, MetricChart, type NamedCurve } from "./MetricChart";

/** The paper's Figure 3, panel by panel, on the evaluation set. */
export function Figure3() {
  const { words } = useWords();
  const { measures } = words;
  const all = useLab((state) => state.run.rows);
  const theme = useLab((state) => state.theme);
  const training = useMemo(() => chartRows(all, theme), [all, theme]);
  const shared = useMemo(() => {
    const evaluated = all.filter((row) => row.values.evaluationCodeRatio !== undefined);
    return { ...chartRows(evaluated, theme), marks: training.marks };
  }, [all, training, theme]);
  const lengths: [NamedCurve, NamedCurve] = useMemo(
    () => [
      { id: "evaluationResponseLengthWithInterpreter", label: measures.withInterpreter },
      { id: "evaluationResponseLength", label: measures.withoutInterpreter },
    ],
    [measures],
  );
  const passRates: [NamedCurve, NamedCurve] = useMemo(
    () => [
      { id: "evaluationPassRateRight", label: measures.whereRight },
      { id: "evaluationPassRateWrong", label: measures.whereWrong },
    ],
    [measures],
  );
  const corrections: [NamedCurve, NamedCurve] = useMemo(
    () => [
      { id: "selfCorrectionAttempts", label: measures.attempts },
      { id: "selfCorrections", label: measures.succeeded },
    ],
    [measures],
  );
  const last = shared.steps.at(-1);
  return (
    <>
      <p className={styles.note}>{last === undefined ? measures.figure3None : measures.figure3Note(last)}</p>
      <div className={`${styles.grid} ${styles.figure}`}>
        <MetricChart id="evaluationResponseLength" title={measures.lengths} pair={lengths} {...shared} />
        <MetricChart id="evaluationCodeRatio" title={measures.codeRatio} {...shared} />
        <MetricChart id="evaluationCodeLines" {...shared} />
        <MetricChart id="evaluationCorrectCode" {...shared} />
        <MetricChart id="evaluationPassRateRight" title={measures.lastSnippet} pair={passRates} {...shared} />
        <MetricChart id="evaluationInvocationTiming" {...shared} />
        <MetricChart id="selfCorrectionAttempts" title={measures.corrected} pair={corrections} {...training} />
        <MetricChart id="selfCorrectionRate" {...training} />
        <Purposes />
      </div>
    </>
  );
}
