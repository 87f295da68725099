import type { EpisodeRecord } from "../core/episode";
import type { Words } from "../i18n/en";
import { errorOf } from "./blocks";
import { formatSigned, type Language } from "./format";
import { Mended } from "./Mended";
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
  /** Without what stands beside it anyway: answer and reward. */
  brief?: boolean;
}

/** What an episode earned: the answer with sign and word, the reward, the advantage. */
export function Outcome({ answer, expected, correct, reward, advantage, words, language, brief }: OutcomeProps) {
  const direction = advantage === null || advantage === 0 ? "" : advantage > 0 ? styles.up : styles.down;
  return (
    <div className={styles.outcome}>
      {brief ? null : (
        <span>
          {words.answer} <span className={styles.number}>{answer ?? "–"}</span>
        </span>
      )}
      <span className={`${styles.badge} ${correct ? styles.right : ""}`}>
        {correct ? `✓ ${words.right}` : `✗ ${answer === null ? words.noAnswer : words.wrong}`}
      </span>
      {correct || brief ? null : <span className={styles.quiet}>{words.expected(expected)}</span>}
      {brief ? null : (
        <span>
          {words.reward} <span className={styles.number}>{formatSigned(reward, 0, language)}</span>
        </span>
      )}
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

const errorIn = (episode: EpisodeRecord, words: Words["transcript"]): string => {
  const failed = episode.turns.find((turn) => turn.status !== "ok");
  return failed ? errorOf(failed.error).name || words.status[failed.status] : "";
};

/** Answers to one problem, a sign each, a bent arrow for a self-correction; pressing one opens it. */
export function Group({ label, group, current, words, language, onOpen }: GroupProps) {
  return (
    <ul className={styles.group} aria-label={label}>
      {group.map((episode) => {
        const advantage = `${words.advantage} ${formatSigned(episode.advantage, 2, language)}`;
        const word = episode.correct ? words.right : words.wrong;
        const mended = episode.selfCorrection ? words.mended : "";
        const said = [word, mended, errorIn(episode, words), advantage].filter(Boolean).join(", ");
        return (
          <li key={episode.id}>
            <button
              type="button"
              className={`${styles.sample} ${episode.correct ? styles.right : ""}`}
              aria-current={episode.id === current}
              aria-label={`${episode.sample + 1}: ${said}`}
              title={said}
              onClick={() => onOpen(episode.id)}
            >
              {episode.selfCorrection ? <Mended /> : episode.correct ? "+" : "−"}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
