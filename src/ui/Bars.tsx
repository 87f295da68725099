import styles from "./Bars.module.css";

export interface Bar {
  name: string;
  /** How long the bar is, in any unit that all bars share. */
  value: number;
  /** What the bar says, with its unit. */
  text: string;
  /** The one that the others are compared with. */
  own: boolean;
}

/** Lengths side by side, each with its number: shorter is faster. */
export function Bars({ title, bars }: { title: string; bars: readonly Bar[] }) {
  const longest = Math.max(...bars.map(({ value }) => value));
  return (
    <figure className={styles.bars} aria-label={title}>
      <figcaption>{title}</figcaption>
      <ul>
        {bars.map(({ name, value, text, own }) => (
          <li key={name}>
            <span className={styles.name}>{name}</span>
            <span className={styles.track}>
              <span
                className={`${styles.fill} ${own ? styles.own : ""}`}
                style={{ width: `${Math.max(0.5, (100 * value) / longest)}%` }}
              />
            </span>
            <span className={styles.text}>{text}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
