import { type Ref, useId, useImperativeHandle, useRef, useState } from "react";
import styles from "./CodeField.module.css";

export interface CodeFieldHandle {
  /** Puts the caret on a line, counted from 1, and selects it. */
  select(line: number): void;
}

interface CodeFieldProps {
  label: string;
  value: string;
  /** The line an error ended in, counted from 1. */
  markedLine: number | null;
  onChange: (value: string) => void;
  /** Ctrl+Enter, or Command+Enter. */
  onRun: () => void;
  ref?: Ref<CodeFieldHandle>;
}

/** A field for a few lines of code, with their numbers beside it. Tab leaves it, as it leaves any field. */
export function CodeField({ label, value, markedLine, onChange, onRun, ref }: CodeFieldProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [scrolled, setScrolled] = useState(0);
  useImperativeHandle(ref, () => ({
    select: (line) => {
      const before = value.split("\n").slice(0, line - 1);
      const start = before.reduce((sum, text) => sum + text.length + 1, 0);
      const end = value.indexOf("\n", start);
      area.current?.focus();
      area.current?.setSelectionRange(start, end < 0 ? value.length : end);
    },
  }));
  const count = value.split("\n").length;
  return (
    <div>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <div className={styles.field}>
        <div className={styles.window} aria-hidden>
          <div className={styles.numbers} style={{ transform: `translateY(${-scrolled}px)` }}>
            {Array.from({ length: count }, (_, i) => (
              <div key={i + 1} className={i + 1 === markedLine ? styles.marked : undefined}>
                {i + 1}
              </div>
            ))}
          </div>
        </div>
        <textarea
          ref={area}
          id={id}
          className={styles.code}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onRun();
          }}
        />
      </div>
    </div>
  );
}
