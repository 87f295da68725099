import type { EpisodeRecord } from "../core/episode";
import type { Words } from "../i18n/en";
import { formatSigned, type Language } from "./format";
import styles from "./Outcome.module.css";

interface OutcomeProps {
  answer: string | null;
  expected: number;
  correct: boolean;
  reward: number;
  /** Null while the group is not complete. */
  advantage: number | null;
  words: Words["transcript"];
  language: Language;
}

/** What an episode earned: the answer with sign and word, the reward, the advantage. */
export function Outcome({ answer, expected, correct, reward, advantage, words, language }: OutcomeProps) {
  const direction = advantage === null || advantage === 0 ? "" : advantage > 0 ? styles.up : styles.down;
  return (
    <div className={styles.outcome}>
      <span>
        {words.answer} <span className={styles.number}>{answer ?? "–"}</span>
      </span>
      <span className={`${styles.badge} ${correct ? styles.right : ""}`}>
        {correct ? `✓ ${words.right}` : `✗ ${answer === null ? words.noAnswer : words.wrong}`}
      </span>
      {correct ? null : <span className={styles.quiet}>{words.expected(expected)}</span>}
      <span>
        {words.reward} <span className={styles.number}>{formatSigned(reward, 0, language)}</span>
      </span>
      <span>
        {words.advantage}{" "}
        <span className={`${styles.number} ${direction}`}>
          {advantage === null ? "…" : formatSigned(advantage, 2, language)}
        </span>
      </span>
    </div>
  );
}

interface GroupProps {
  label: string;
  group: readonly EpisodeRecord[];
  current: string | undefined;
  words: Words["transcript"];
  language: Language;
  onOpen: (id: string) => void;
}

/** All answers to one problem, a sign each; pressing one opens it. */
export function Group({ label, group, current, words, language, onOpen }: GroupProps) {
  return (
    <ul className={styles.group} aria-label={label}>
      {group.map((episode) => {
        const word = episode.correct ? words.right : words.wrong;
        const advantage = formatSigned(episode.advantage, 2, language);
        return (
          <li key={episode.id}>
            <button
              type="button"
              className={`${styles.sample} ${episode.correct ? styles.right : ""}`}
              aria-current={episode.id === current}
              aria-label={`${episode.sample + 1}: ${word}, ${words.advantage} ${advantage}`}
              title={`${word}, ${words.advantage} ${advantage}`}
              onClick={() => onOpen(episode.id)}
            >
              {episode.correct ? "+" : "−"}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
