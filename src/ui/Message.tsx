import type { ReactNode } from "react";
import { ProgressBar } from "react-aria-components/ProgressBar";
import styles from "./Message.module.css";

interface MessageProps {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** A fault is announced at once, a note when there is time. */
  isFault?: boolean;
}

/** Something to know, with what can be done about it. Never in the way of the rest. */
export function Message({ title, children, actions, isFault }: MessageProps) {
  return (
    <section
      className={`${styles.message} ${isFault ? styles.fault : ""}`}
      role={isFault ? "alert" : "status"}
      aria-label={title}
    >
      <div className={styles.body}>
        <strong>{title}</strong>
        {children}
      </div>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </section>
  );
}

/** A quiet line: worse than it could be, and going on. */
export function QuietLine({ children }: { children: ReactNode }) {
  return <p className={styles.line}>{children}</p>;
}

interface ProgressProps {
  label: string;
  /** "12 of 60"; "" where the end is not known. */
  detail: string;
  done: number;
  /** 0 where the end is not known. */
  total: number;
}

/** What is being loaded or done, and how far it is. */
export function Progress({ label, detail, done, total }: ProgressProps) {
  const share = total > 0 ? Math.min(100, (100 * done) / total) : 0;
  return (
    <ProgressBar className={styles.progress} aria-label={label} value={share} isIndeterminate={total === 0}>
      <span className={styles.line}>
        {label} {detail}
      </span>
      <div className={styles.bar}>
        <div
          className={`${styles.fill} ${total === 0 ? styles.unknown : ""}`}
          style={total === 0 ? undefined : { width: `${share}%` }}
        />
      </div>
    </ProgressBar>
  );
}
