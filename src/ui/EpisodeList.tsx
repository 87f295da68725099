import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { EpisodeRecord } from "../core/episode";
import type { Words } from "../i18n/en";
import styles from "./EpisodeList.module.css";
import type { Language } from "./format";
import { Group } from "./Outcome";

interface EpisodeListProps {
  /** Answers that belong together: one problem in one step. None is empty. */
  groups: readonly (readonly EpisodeRecord[])[];
  selected: string | null;
  words: Words;
  language: Language;
  onSelect: (id: string) => void;
}

/** A first guess; rows measure themselves. */
const rowHeight = 86;

function Row({
  group,
  selected,
  words,
  language,
  onSelect,
}: Omit<EpisodeListProps, "groups"> & { group: readonly EpisodeRecord[] }) {
  const [first] = group;
  const right = group.filter((episode) => episode.correct).length;
  return (
    <div className={styles.problem} data-current={group.some((episode) => episode.id === selected) || undefined}>
      <button
        type="button"
        className={styles.question}
        title={first.problem.question}
        onClick={() => onSelect(first.id)}
      >
        {first.problem.question}
      </button>
      <span className={styles.facts}>
        <span>
          {words.episodes.step} {first.step}
        </span>
        <span className={styles.family}>{first.problem.family}</span>
        <span>{words.episodes.rightOf(right, group.length)}</span>
      </span>
      <Group
        label={words.theatre.group(group.length)}
        group={group}
        current={selected ?? undefined}
        words={words.transcript}
        language={language}
        onOpen={onSelect}
      />
    </div>
  );
}

/** Thousands of episodes by problem, of which only those in sight are in the page. */
export function EpisodeList({ groups, ...shared }: EpisodeListProps) {
  const scroll = useRef<HTMLDivElement>(null);
  // The virtualiser's methods must not be memoised; this component is small enough to be drawn anew.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: groups.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => groups[index][0].id,
    overscan: 4,
  });
  return (
    <div ref={scroll} className={styles.list}>
      <ul className={styles.inner} style={{ height: virtual.getTotalSize() }} aria-label={shared.words.episodes.list}>
        {virtual.getVirtualItems().map((item) => (
          <li
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            className={styles.row}
            style={{ transform: `translateY(${item.start}px)` }}
            aria-setsize={groups.length}
            aria-posinset={item.index + 1}
          >
            <Row group={groups[item.index]} {...shared} />
          </li>
        ))}
      </ul>
    </div>
  );
}
