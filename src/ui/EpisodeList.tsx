import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { EpisodeRecord } from "../core/episode";
import type { Words } from "../i18n/en";
import { errorOf } from "./blocks";
import styles from "./EpisodeList.module.css";
import { formatSigned, type Language } from "./format";
import { Mended } from "./Mended";

interface EpisodeListProps {
  episodes: readonly EpisodeRecord[];
  selected: string | null;
  words: Words;
  language: Language;
  onSelect: (id: string) => void;
}

const rowHeight = 58;

function Row({
  episode,
  selected,
  words,
  language,
  onSelect,
}: Omit<EpisodeListProps, "episodes"> & { episode: EpisodeRecord }) {
  const failed = episode.turns.find((turn) => turn.status !== "ok");
  const errorName = failed && (errorOf(failed.error).name || words.transcript.status[failed.status]);
  return (
    <button
      type="button"
      className={styles.button}
      aria-current={episode.id === selected}
      onClick={() => onSelect(episode.id)}
    >
      <span className={`${styles.sign} ${episode.correct ? styles.right : ""}`} aria-hidden>
        {episode.correct ? "+" : "−"}
      </span>
      <span className={styles.question}>
        <span className="visually-hidden">{episode.correct ? words.transcript.right : words.transcript.wrong}: </span>
        {episode.problem.question}
      </span>
      <span className={styles.facts}>
        <span>
          {words.episodes.step} {episode.step}
        </span>
        {episode.selfCorrection ? (
          <span className={styles.mended}>
            <Mended size={12} /> {words.episodes.selfCorrection}
          </span>
        ) : null}
        <span>{episode.problem.family}</span>
        <span>
          {words.transcript.advantage} {formatSigned(episode.advantage, 2, language)}
        </span>
        {errorName ? <span className={styles.error}>{errorName}</span> : null}
      </span>
    </button>
  );
}

/** Thousands of episodes, of which only those in sight are in the page. */
export function EpisodeList({ episodes, ...shared }: EpisodeListProps) {
  const scroll = useRef<HTMLDivElement>(null);
  // The virtualiser's methods must not be memoised; this component is small enough to be drawn anew.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: episodes.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => episodes[index].id,
    overscan: 6,
  });
  return (
    <div ref={scroll} className={styles.list}>
      <ul className={styles.inner} style={{ height: virtual.getTotalSize() }} aria-label={shared.words.episodes.list}>
        {virtual.getVirtualItems().map((item) => (
          <li
            key={item.key}
            className={styles.row}
            style={{ transform: `translateY(${item.start}px)` }}
            aria-setsize={episodes.length}
            aria-posinset={item.index + 1}
          >
            <Row episode={episodes[item.index]} {...shared} />
          </li>
        ))}
      </ul>
    </div>
  );
}
