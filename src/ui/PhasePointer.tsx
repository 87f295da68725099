import type { Phase } from "../core/events";
import type { Words } from "../i18n/en";
import styles from "./PhasePointer.module.css";

const cycle = ["prompt", "write", "run", "reward", "learn"] as const satisfies readonly Phase[];

/** Where the loop is: prompt, write, run Python, reward, learn; an evaluation is shown in their place. */
export function PhasePointer({ phase, words }: { phase: Phase | null; words: Words["phases"] }) {
  const shown: readonly Phase[] = phase === "evaluate" ? ["evaluate"] : cycle;
  return (
    <ol className={styles.phases}>
      {shown.map((name) => (
        <li key={name} className={styles.phase} aria-current={name === phase ? "step" : undefined}>
          {words[name]}
        </li>
      ))}
    </ol>
  );
}
