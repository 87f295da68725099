import { useId, useState } from "react";
import styles from "./SettingField.module.css";

export interface SettingFieldProps {
  label: string;
  unit: string;
  /** Why it has the value it has, and from when on a change counts. */
  hint: string;
  value: string;
  /** For a list to choose from; empty for what is typed. */
  choices: readonly string[];
  /** What is typed is a number, unless told otherwise. */
  isText?: boolean;
  /** The form differs from the run under way. */
  isWaiting: boolean;
  showHint?: boolean;
  /** Takes what was typed; returns a sentence where it is not possible. */
  onCommit: (text: string) => string | null;
}

/** One setting. What is typed counts when the field is left or Enter is pressed; Escape brings the old one back. */
export function SettingField(props: SettingFieldProps) {
  const { label, unit, hint, value, choices, isText, isWaiting, showHint, onCommit } = props;
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const commit = (text: string): void => {
    const fault = onCommit(text);
    setError(fault);
    setDraft(fault ? text : null);
  };
  const shared = {
    id,
    className: styles.input,
    "aria-describedby": `${id}-hint${error ? ` ${id}-error` : ""}`,
    "aria-invalid": error !== null,
  };
  return (
    <div className={styles.field} title={hint}>
      <label htmlFor={id} className={styles.label}>
        {label}
        {isWaiting ? <span className={styles.mark}> *</span> : null}
      </label>
      {choices.length > 0 ? (
        <select {...shared} value={value} onChange={(event) => commit(event.target.value)}>
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          {...shared}
          inputMode={isText ? "text" : "decimal"}
          autoComplete="off"
          value={draft ?? value}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={() => {
            if (draft !== null && draft !== value) commit(draft);
            else setDraft(null);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && draft !== null) commit(draft);
            if (event.key === "Escape") {
              setDraft(null);
              setError(null);
            }
          }}
        />
      )}
      <span id={`${id}-hint`} className={showHint ? styles.hint : "visually-hidden"}>
        {unit ? `${unit} · ${hint}` : hint}
      </span>
      {error ? (
        <span id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </span>
      ) : null}
    </div>
  );
}
