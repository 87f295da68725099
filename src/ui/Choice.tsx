import { ToggleButton } from "react-aria-components/ToggleButton";
import { ToggleButtonGroup } from "react-aria-components/ToggleButtonGroup";
import styles from "./Choice.module.css";

export interface Option<T extends string> {
  value: T;
  label: string;
}

interface ChoiceProps<T extends string> {
  label: string;
  options: readonly Option<T>[];
  value: T;
  onChange: (value: T) => void;
  /** The label is spoken, but not drawn. */
  hideLabel?: boolean;
}

/** Few options, all in sight. */
export function Choice<T extends string>({ label, options, value, onChange, hideLabel }: ChoiceProps<T>) {
  return (
    <div className={styles.group}>
      {hideLabel ? null : (
        <span className={styles.label} aria-hidden>
          {label}
        </span>
      )}
      <ToggleButtonGroup
        className={styles.buttons}
        aria-label={label}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[value]}
        onSelectionChange={(keys) => {
          const chosen = options.find((option) => keys.has(option.value));
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <ToggleButton key={option.value} id={option.value} className={styles.button}>
            {option.label}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  );
}

/** Many options, or little room: the browser's own list, which is best on phones too. */
export function Select<T extends string>({ label, options, value, onChange, hideLabel }: ChoiceProps<T>) {
  return (
    <label className={styles.group}>
      <span className={hideLabel ? "visually-hidden" : styles.label}>{label}</span>
      <select
        className={styles.select}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
