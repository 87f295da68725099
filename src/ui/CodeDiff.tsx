import type { Words } from "../i18n/en";
import { diffCode, type DiffLine } from "./code-diff";
import styles from "./CodeDiff.module.css";

const signs: Record<DiffLine["kind"], string> = { same: " ", removed: "−", added: "+" };

/** A line with its sign; what was taken out or put in is said so too, not only coloured. */
function Line({ line: { kind, parts } }: { line: DiffLine }) {
  const words = parts.map(({ text, changed }, place) =>
    changed && text ? (
      // A part has no name of its own; its place in the line is its name.
      // oxlint-disable-next-line react/no-array-index-key
      <mark key={place} className={styles.changed}>
        {text}
      </mark>
    ) : (
      text
    ),
  );
  const content = (
    <>
      <span aria-hidden className={styles.sign}>
        {signs[kind]}
      </span>
      {words}
    </>
  );
  if (kind === "removed") return <del className={`${styles.line} ${styles.removed}`}>{content}</del>;
  if (kind === "added") return <ins className={`${styles.line} ${styles.added}`}>{content}</ins>;
  return <span className={styles.line}>{content}</span>;
}

interface CodeDiffProps {
  before: string;
  after: string;
  words: Words["measures"];
}

/** A snippet against the one that took its place. */
export function CodeDiff({ before, after, words }: CodeDiffProps) {
  return (
    <figure aria-label={words.diff}>
      <pre className={styles.diff}>
        <code>
          {diffCode(before, after).map((line, place) => (
            // oxlint-disable-next-line react/no-array-index-key
            <Line key={place} line={line} />
          ))}
        </code>
      </pre>
    </figure>
  );
}
