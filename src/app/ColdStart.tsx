import { useLab, useWords } from "./context";
import styles from "./Empty.module.css";
import { MainButton } from "./RunButtons";
import { Loading } from "./Status";

/** How many of the newest steps the loss shown is a mean over: a single batch says little. */
const smoothed = 20;

/** While a cold start is being made: what goes on, how far it is, and how to stop it. */
export function ColdStart() {
  const { words } = useWords();
  const newest = useLab((state) => state.run.coldStart).slice(-smoothed);
  const heldOut = useLab((state) => state.run.coldStart).findLast(
    (point) => point.heldOutLoss !== undefined,
  )?.heldOutLoss;
  const loss = newest.reduce((sum, step) => sum + step.loss, 0) / newest.length;
  return (
    <div className={styles.empty}>
      <div className={styles.what}>
        <h2>{words.progress["cold-start"]}</h2>
        <p>{words.coldStart.what}</p>
        <p className={styles.quiet}>
          {newest.length === 0 ? words.coldStart.traces : `${words.coldStart.loss}: ${loss.toFixed(2)} nats`}
          {heldOut === undefined ? null : ` · ${words.coldStart.heldOut}: ${heldOut.toFixed(2)} nats`}
        </p>
        <div className={styles.wait}>
          <Loading />
        </div>
        <div className={styles.start}>
          <MainButton look="huge" />
        </div>
      </div>
    </div>
  );
}
