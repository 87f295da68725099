import styles from "./PairedBars.module.css";

interface PairedBar {
  name: string;
  /** What the name means, on hover. */
  hint: string;
  /** Shares of 1. */
  before: number;
  after: number;
  /** What both bars say. */
  text: string;
}

interface PairedBarsProps {
  title: string;
  before: string;
  /** Null where there is only one moment to show. */
  after: string | null;
  bars: readonly PairedBar[];
}

const width = (share: number): { width: string } => ({ width: `${100 * share}%` });

/** The same shares at two moments, one bar under the other: the earlier one is thin and grey. */
export function PairedBars({ title, before, after, bars }: PairedBarsProps) {
  return (
    <figure className={styles.pairs} aria-label={title}>
      <figcaption>
        <strong>{title}</strong>
        <span className={styles.legend}>
          <span className={`${styles.key} ${after === null ? styles.after : styles.before}`} /> {before}
        </span>
        {after === null ? null : (
          <span className={styles.legend}>
            <span className={`${styles.key} ${styles.after}`} /> {after}
          </span>
        )}
      </figcaption>
      <ul>
        {bars.map((bar) => (
          <li key={bar.name}>
            <span className={styles.name} title={bar.hint}>
              {bar.name}
            </span>
            <span className={styles.tracks} aria-hidden>
              {after === null ? null : <span className={styles.before} style={width(bar.before)} />}
              <span className={styles.after} style={width(bar.after)} />
            </span>
            <span className={styles.text}>{bar.text}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
