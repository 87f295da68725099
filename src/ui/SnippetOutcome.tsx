import type { SnippetStatus } from "../core/episode";
import styles from "./SnippetOutcome.module.css";

/** How a snippet ended: a sign and a word, never colour alone. */
export function StatusBadge({ status, word }: { status: SnippetStatus; word: string }) {
  const isOk = status === "ok";
  return (
    <span className={`${styles.badge} ${isOk ? styles.ok : ""}`}>
      {isOk ? "✓" : "✗"} {word}
    </span>
  );
}

/** An error's last line, its name first and in red; other text as it is. */
function ErrorText({ text }: { text: string }) {
  const name = /^[A-Za-z_][\w.]*(?=:|$)/.exec(text)?.[0] ?? "";
  return (
    <>
      {name ? <span className={styles.name}>{name}</span> : null}
      {text.slice(name.length)}
    </>
  );
}

interface PrintedProps {
  label: string;
  stdout: string;
  error: string;
  /** Said where it printed nothing and did not fail. */
  nothing: string;
}

/** What a snippet printed, then the error it ended in. */
export function Printed({ label, stdout, error, nothing }: PrintedProps) {
  const separated = stdout !== "" && !stdout.endsWith("\n") && error !== "";
  return (
    <figure aria-label={label}>
      {/* Long output scrolls, so it has to be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={`${styles.text} ${error ? styles.failed : ""}`} tabIndex={0}>
        {stdout}
        {separated ? "\n" : null}
        {error ? <ErrorText text={error} /> : null}
        {stdout || error ? null : <span className={styles.nothing}>{nothing}</span>}
      </pre>
    </figure>
  );
}

interface ObservationProps {
  label: string;
  /** To the letter what the policy reads. */
  text: string;
  /** The error's last line, where the text ends in it. */
  error: string;
}

/** What a policy reads of a snippet, between the tags that it reads too. */
export function Observation({ label, text, error }: ObservationProps) {
  const isWhole = error !== "" && text.endsWith(error);
  return (
    <div>
      <div className={styles.tag}>&lt;interpreter&gt;</div>
      <figure aria-label={label}>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre className={`${styles.text} ${styles.read} ${error ? styles.failed : ""}`} tabIndex={0}>
          <span className={styles.plate}>
            {isWhole ? text.slice(0, text.length - error.length) : text}
            {isWhole ? <ErrorText text={error} /> : null}
          </span>
        </pre>
      </figure>
      <div className={styles.tag}>&lt;/interpreter&gt;</div>
    </div>
  );
}
