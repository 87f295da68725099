import { formatCount } from "../ui/format";
import styles from "./ConsoleView.module.css";
import { useLab, useWords } from "./context";

/** In the order in which they are shown: how snippets ended, then what the pool had to do. */
const countNames = [
  "ok",
  "error",
  "timeout",
  "memory",
  "output",
  "crash",
  "retried",
  "dropped",
  "respawned",
  "cached",
] as const;

/** The sandbox's live counts: the run's snippets and the reader's own. */
export function ConsoleCounts() {
  const { words, language } = useWords();
  const counts = useLab((state) => state.run.sandbox);
  return (
    <section aria-label={words.console.counts}>
      <h3>{words.console.counts}</h3>
      <p className={styles.quiet}>
        {words.console.countsHint} {words.console.workers(counts.workers)}
      </p>
      <dl className={styles.counts}>
        {countNames.map((name) => (
          <div key={name} title={words.console.countHints[name]} data-some={counts[name] > 0 || undefined}>
            <dt>{words.console.countNames[name]}</dt>
            <dd>{formatCount(counts[name], language)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
