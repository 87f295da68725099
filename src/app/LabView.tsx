import { ColdStart } from "./ColdStart";
import { Charts } from "./Charts";
import { Controls } from "./Controls";
import { useLab, useWords } from "./context";
import { Empty } from "./Empty";
import { Facts } from "./Facts";
import styles from "./LabView.module.css";
import { sentenceOfTheMoment } from "./moment";
import { MainButton } from "./RunButtons";
import { Notices } from "./Status";
import { Theatre } from "./Theatre";

function Moment() {
  const { words, language } = useWords();
  const rows = useLab((state) => state.run.rows);
  const finished = useLab(({ run }) => run.state === "finished");
  return (
    <p className={styles.moment} aria-live="polite">
      {sentenceOfTheMoment(rows, words.moment, { language, finished })}
    </p>
  );
}

function Middle({ hasBegun }: { hasBegun: boolean }) {
  const isMaking = useLab((state) => state.coldStarting !== "no");
  if (isMaking) return <ColdStart />;
  if (!hasBegun) return <Empty />;
  return (
    <>
      <Charts />
      <Theatre />
    </>
  );
}

/** The view on which a run is watched; before the first start, what will happen. */
export function LabView() {
  const { words } = useWords();
  const hasBegun = useLab(
    ({ run, coldStarting }) =>
      coldStarting === "no" && (run.step > 0 || run.rows.length > 0 || run.state === "running"),
  );
  return (
    <div className={styles.view}>
      <div className={styles.columns}>
        <aside className={styles.controls} aria-label={words.controls.title}>
          <Controls hasBegun={hasBegun} />
          <Facts />
          <Notices />
        </aside>
        <Middle hasBegun={hasBegun} />
      </div>
      {hasBegun ? <Moment /> : null}
      <div className={styles.fixed}>
        <MainButton look={hasBegun ? "primary" : "huge"} />
      </div>
    </div>
  );
}
