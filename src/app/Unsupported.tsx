import type { Words } from "../i18n/en";
import styles from "./Unsupported.module.css";

/** What the lab needs and this browser lacks; empty where all is there. */
export function missingFeatures(scope: {
  WebAssembly?: unknown;
  Worker?: unknown;
  ReadableStream?: unknown;
}): string[] {
  return (["WebAssembly", "Worker", "ReadableStream"] as const).filter((name) => scope[name] === undefined);
}

/** For browsers in which nothing can work: what is missing, and what to do. */
export function Unsupported({ missing, words }: { missing: readonly string[]; words: Words["unsupported"] }) {
  return (
    <main className={styles.page}>
      <h1>{words.title}</h1>
      <p>{words.what}</p>
      <p>{words.missing(missing.join(", "))}</p>
      <ul>
        {words.todo.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </main>
  );
}
