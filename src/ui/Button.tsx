import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import styles from "./Button.module.css";

export interface ButtonProps {
  children: ReactNode;
  onPress: () => void;
  /** `primary` is the one button that matters in its place; `huge` the one that matters on the page. */
  look?: "primary" | "huge" | "plain";
  isDisabled?: boolean;
  label?: string;
}

/** A button that looks the same everywhere. */
export function Button({ children, onPress, look, isDisabled, label }: ButtonProps) {
  const looks = { primary: styles.primary, huge: `${styles.primary} ${styles.huge}`, plain: styles.plain };
  return (
    <AriaButton
      className={`${styles.button} ${look ? looks[look] : ""}`}
      onPress={onPress}
      isDisabled={isDisabled}
      aria-label={label}
    >
      {children}
    </AriaButton>
  );
}
