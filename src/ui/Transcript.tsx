import { memo, useEffect, useRef } from "react";
import type { Words } from "../i18n/en";
import { type Block, errorOf } from "./blocks";
import { Mended } from "./Mended";
import { highlightPython } from "./python";
import styles from "./Transcript.module.css";

const Python = memo(function Python({ code }: { code: string }) {
  // A stretch has no name of its own; its place in the code is its name.
  return highlightPython(code).map(({ text, classes }, place) =>
    classes ? (
      // oxlint-disable-next-line react/no-array-index-key
      <span key={place} className={classes}>
        {text}
      </span>
    ) : (
      text
    ),
  );
});

function CodeBlock({ block, words }: { block: Block; words: Words["transcript"] }) {
  return (
    <>
      {block.mended ? (
        <span className={styles.mended}>
          <Mended /> {words.mended}
        </span>
      ) : null}
      <figure aria-label={words.code}>
        <pre className={`${styles.code} ${block.open ? styles.caret : ""}`}>
          <code>
            <Python code={block.text} />
          </code>
        </pre>
      </figure>
    </>
  );
}

function InterpreterBlock({ block, words }: { block: Block; words: Words["transcript"] }) {
  const error = errorOf(block.text);
  const failed = block.status === undefined ? error.name !== "" : block.status !== "ok";
  const printed = error.name ? block.text.trimEnd().split("\n").slice(0, -1).join("\n") : block.text;
  const name = error.name || (failed && block.status ? words.status[block.status] : "");
  return (
    <figure
      aria-label={failed ? words.error : words.interpreter}
      data-error={failed || undefined}
      tabIndex={failed ? -1 : undefined}
    >
      <pre className={`${styles.interpreter} ${failed ? styles.failed : ""}`}>
        <span className={styles.plate}>
          {printed}
          {printed && name ? "\n" : null}
          {name ? <span className={styles.errorName}>{name} </span> : null}
          {error.name ? error.message : null}
          {!name && !printed ? <em>{block.open ? words.waiting : words.empty}</em> : null}
        </span>
      </pre>
    </figure>
  );
}

function BlockView({ block, words }: { block: Block; words: Words["transcript"] }) {
  switch (block.kind) {
    case "text":
      return <p className={`${styles.text} ${block.open ? styles.caret : ""}`}>{block.text}</p>;
    case "code":
      return <CodeBlock block={block} words={words} />;
    case "interpreter":
      return <InterpreterBlock block={block} words={words} />;
    case "answer":
      return (
        <p className={styles.text}>
          <strong>{words.answer}</strong> {block.text}
        </p>
      );
    default:
      return block.kind satisfies never;
  }
}

export interface TranscriptProps {
  question: string;
  blocks: readonly Block[];
  words: Words["transcript"];
  /** Scrolls to the first error and gives it the focus, once for each value. */
  focusError?: string;
}

/** An episode as it reads: the problem, the policy's text and code, and what the interpreter put in between. */
export const Transcript = memo(function Transcript({ question, blocks, words, focusError }: TranscriptProps) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!focusError) return;
    const error = root.current?.querySelector<HTMLElement>("[data-error]");
    error?.scrollIntoView({ block: "center" });
    error?.focus({ preventScroll: true });
  }, [focusError]);
  return (
    <div ref={root} className={styles.transcript}>
      {question ? <p className={styles.question}>{question}</p> : null}
      {blocks.map((block, place) => (
        // Blocks only ever grow at the end.
        // oxlint-disable-next-line react/no-array-index-key
        <BlockView key={place} block={block} words={words} />
      ))}
    </div>
  );
});
