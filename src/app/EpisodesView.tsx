import { useMemo, useState } from "react";
import { Select } from "../ui/Choice";
import { EpisodeList } from "../ui/EpisodeList";
import { useLab, usePageContext, useWords } from "./context";
import { EpisodeDetail } from "./EpisodeDetail";
import { type EpisodeFilter, everyEpisode } from "./episode-store";
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
  const words = useWords().words.episodes;
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
    </search>
  );
}

/** All episodes that are kept, to search, and one of them to read. */
export function EpisodesView() {
  const { words, language } = useWords();
  const { store, episodes } = usePageContext();
  const version = useLab((state) => state.run.episodesVersion);
  const selected = useLab((state) => state.selected);
  const [filter, setFilter] = useState(everyEpisode);
  const shown = useMemo(() => {
    const list = version >= 0 ? episodes.list(filter) : [];
    return { list, families: episodes.families(), steps: episodes.steps(filter.purpose) };
  }, [version, episodes, filter]);
  const all = episodes.count(filter.purpose);
  const open = selected === null ? undefined : episodes.get(selected);
  return (
    <div className={styles.view} data-open={open !== undefined}>
      <section className={styles.left} aria-label={words.episodes.title}>
        <Filter
          filter={filter}
          families={shown.families}
          steps={shown.steps}
          onChange={(change) => setFilter((before) => ({ ...before, ...change }))}
        />
        {shown.list.length === 0 ? (
          <p className={styles.quiet}>{all === 0 ? words.episodes.none : words.episodes.noneMatch}</p>
        ) : (
          <>
            <output className={`${styles.filter} ${styles.count}`}>
              {words.episodes.count(shown.list.length, all)}
            </output>
            <div className={styles.rows}>
              <EpisodeList
                episodes={shown.list}
                selected={selected}
                words={words}
                language={language}
                onSelect={(id) => store.setState({ selected: id })}
              />
            </div>
          </>
        )}
      </section>
      {open ? <EpisodeDetail key={open.id} episode={open} /> : <p className={styles.quiet}>{words.episodes.choose}</p>}
    </div>
  );
}
