import type { ReactNode } from "react";
import styles from "./ScrollTable.module.css";

interface ScrollTableProps {
  label: string;
  /** Numbers stand to the right, words to the left. */
  align?: "left" | "right";
  /** For the part that scrolls: how large it may get. */
  className?: string;
  /** What stands below the table, in the same frame. */
  below?: ReactNode;
  /** `caption`, `thead`, `tbody`. */
  children: ReactNode;
}

/** A table that scrolls in a frame of its own, under a head that stays. */
export function ScrollTable({ label, align = "right", className = "", below, children }: ScrollTableProps) {
  return (
    // A scrolling part has to be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={`${styles.scroll} ${className}`} tabIndex={0} aria-label={label}>
      <table className={styles.table} data-align={align}>
        {children}
      </table>
      {below}
    </section>
  );
}
