import { useEffect, useMemo, useState } from "react";
import { Select } from "../ui/Choice";
import { EpisodeList } from "../ui/EpisodeList";
import { useLab, usePageContext, useWords } from "./context";
import { EpisodeDetail } from "./EpisodeDetail";
import { type EpisodeFilter, type EpisodeStore, everyEpisode } from "./episode-store";
import styles from "./EpisodesView.module.css";

interface FilterProps {
  filter: EpisodeFilter;
  families: readonly string[];
  steps: readonly number[];
  onChange: (change: Partial<EpisodeFilter>) => void;
}

function Check({ label, checked, onChange }: { label: string; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

const resultOf = ({ correct }: EpisodeFilter): "all" | "right" | "wrong" =>
  correct === undefined ? "all" : correct ? "right" : "wrong";

function Filter({ filter, families, steps, onChange }: FilterProps) {
  const { episodes: words, measures } = useWords().words;
  const all = { value: "all", label: words.all };
  return (
    <search className={styles.filter} aria-label={words.filter}>
      <Select
        label={words.purpose}
        value={filter.purpose}
        options={[
          { value: "train", label: words.train },
          { value: "evaluation", label: words.evaluation },
        ]}
        onChange={(purpose) => onChange({ purpose, step: undefined })}
      />
      <Select
        label={words.step}
        value={filter.step === undefined ? "all" : String(filter.step)}
        options={[all, ...steps.map((step) => ({ value: String(step), label: String(step) }))]}
        onChange={(step) => onChange({ step: step === "all" ? undefined : Number(step) })}
      />
      <Select
        label={words.family}
        value={filter.family ?? "all"}
        options={[all, ...families.map((family) => ({ value: family, label: family }))]}
        onChange={(family) => onChange({ family: family === "all" ? undefined : family })}
      />
      <Select
        label={words.result}
        value={resultOf(filter)}
        options={[
          { value: "all", label: words.all },
          { value: "right", label: words.right },
          { value: "wrong", label: words.wrong },
        ]}
        onChange={(result) => onChange({ correct: result === "all" ? undefined : result === "right" })}
      />
      <Check label={words.withError} checked={filter.withError} onChange={(withError) => onChange({ withError })} />
      <Check
        label={words.selfCorrection}
        checked={filter.selfCorrection}
        onChange={(selfCorrection) => onChange({ selfCorrection })}
      />
      <Check label={measures.attempted} checked={filter.attempted} onChange={(on) => onChange({ attempted: on })} />
    </search>
  );
}

/** Where list and episode do not fit side by side, the list comes first. */
const isNarrow = (): boolean => window.matchMedia("(max-width: 760px)").matches;

/** Training's episodes, or, before the first step, those of the evaluation. */
const firstFilter = (episodes: EpisodeStore): EpisodeFilter => ({
  ...everyEpisode,
  purpose: episodes.count("train") === 0 && episodes.count("evaluation") > 0 ? "evaluation" : "train",
});

/** Opens what is most worth reading as soon as there is something, so that the view is never half empty. */
function useFirstOpen(isOpen: boolean, version: number): void {
  const { store, episodes } = usePageContext();
  const first = useMemo(() => (version >= 0 ? episodes.showcase()?.id : undefined), [version, episodes]);
  useEffect(() => {
    if (!isOpen && !isNarrow() && first !== undefined) store.setState({ selected: first });
  }, [isOpen, first, store]);
}

/** All episodes that are kept, to search, and one of them to read. */
export function EpisodesView() {
  const { words, language } = useWords();
  const { store, episodes } = usePageContext();
  const version = useLab((state) => state.run.episodesVersion);
  const selected = useLab((state) => state.selected);
  const [filter, setFilter] = useState(() => firstFilter(episodes));
  const shown = useMemo(() => {
    const groups = version >= 0 ? episodes.groups(filter) : [];
    const count = groups.reduce((sum, group) => sum + group.length, 0);
    return { groups, count, families: episodes.families(), steps: episodes.steps(filter.purpose) };
  }, [version, episodes, filter]);
  const all = episodes.count(filter.purpose);
  const open = selected === null ? undefined : episodes.get(selected);
  useFirstOpen(open !== undefined, version);
  const select = (id: string): void => store.setState({ selected: id });
  const change = (changed: Partial<EpisodeFilter>): void => {
    const next = { ...filter, ...changed };
    setFilter(next);
    const list = episodes.list(next);
    const isListed = list.some((episode) => episode.id === selected);
    if (!isListed && list.length > 0 && !isNarrow()) select(list[0].id);
  };
  return (
    <div className={styles.view} data-open={open !== undefined}>
      <section className={styles.left} aria-label={words.episodes.title}>
        <Filter filter={filter} families={shown.families} steps={shown.steps} onChange={change} />
        {shown.count === 0 ? (
          <p className={styles.quiet}>{all === 0 ? words.episodes.none : words.episodes.noneMatch}</p>
        ) : (
          <>
            <output className={`${styles.filter} ${styles.count}`}>{words.episodes.count(shown.count, all)}</output>
            <div className={styles.rows}>
              <EpisodeList
                groups={shown.groups}
                selected={selected}
                words={words}
                language={language}
                onSelect={select}
              />
            </div>
          </>
        )}
      </section>
      {open ? <EpisodeDetail key={open.id} episode={open} /> : <p className={styles.quiet}>{words.episodes.choose}</p>}
    </div>
  );
}
