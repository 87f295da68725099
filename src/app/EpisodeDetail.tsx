import { useEffect, useMemo, useRef } from "react";
import type { EpisodeRecord } from "../core/episode";
import { blocksOfEpisode } from "../ui/blocks";
import { Button } from "../ui/Button";
import { Choice } from "../ui/Choice";
import { CodeDiff } from "../ui/CodeDiff";
import { formatValue } from "../ui/format";
import { Mended } from "../ui/Mended";
import { Group, Outcome } from "../ui/Outcome";
import { TokenStrip } from "../ui/TokenStrip";
import { Transcript } from "../ui/Transcript";
import { useLab, usePageContext, useWords } from "./context";
import styles from "./EpisodesView.module.css";
import { Ledger } from "./Ledger";

function EpisodeOutcome({ episode, brief }: { episode: EpisodeRecord; brief?: boolean }) {
  const { words, language } = useWords();
  return (
    <Outcome
      answer={episode.answer === null ? null : String(episode.answer)}
      expected={episode.problem.answer}
      correct={episode.correct}
      reward={episode.reward}
      advantage={episode.advantage}
      words={words.transcript}
      language={language}
      brief={brief}
    />
  );
}

/** Probabilities of what the policy wrote, with the sentence for those who do not see them. */
function Probabilities({ episode }: { episode: EpisodeRecord }) {
  const { words, language } = useWords();
  const theme = useLab((state) => state.theme);
  const written = useMemo(() => {
    const logprobs = episode.logprobs.slice(episode.promptLength);
    const mask = episode.mask.slice(episode.promptLength);
    const own = logprobs.filter((_, place) => mask[place] === 1).map(Math.exp);
    const low = Math.min(1, ...own);
    const index = logprobs.findIndex((logprob, place) => mask[place] === 1 && Math.exp(logprob) === low);
    const mean = own.reduce((sum, probability) => sum + probability, 0) / Math.max(1, own.length);
    return { logprobs, mask, mean, low, index };
  }, [episode]);
  const share = (value: number): string => formatValue(value, "share", language);
  const label = words.episodes.probabilityLabel(share(written.mean), share(written.low), written.index + 1);
  return (
    <section aria-label={words.episodes.probability}>
      <h3>{words.episodes.probability}</h3>
      <TokenStrip logprobs={written.logprobs} mask={written.mask} label={label} theme={theme} />
      <p className={styles.facts}>{words.episodes.probabilityLegend}</p>
    </section>
  );
}

function Turns({ episode }: { episode: EpisodeRecord }) {
  const { words, language } = useWords();
  if (episode.turns.length === 0) return null;
  return (
    <table className={styles.turns}>
      <caption className="visually-hidden">{words.episodes.turns}</caption>
      <thead>
        <tr>
          <th scope="col">{words.episodes.turn}</th>
          <th scope="col">{words.episodes.status}</th>
          <th scope="col">{words.episodes.milliseconds}</th>
          <th scope="col">{words.episodes.printed}</th>
        </tr>
      </thead>
      <tbody>
        {episode.turns.map((turn, place) => (
          <tr key={turn.codeSpan[0]}>
            <th scope="row">{place + 1}</th>
            <td>{words.transcript.status[turn.status]}</td>
            <td>{formatValue(turn.milliseconds, "milliseconds", language)}</td>
            <td>{turn.error || turn.stdout.trim() || words.transcript.empty}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How the policy changed a snippet that had failed. */
function Mending({ episode: { correction, turns } }: { episode: EpisodeRecord }) {
  const { words } = useWords();
  if (!correction) return null;
  const [before, after] = [turns[correction.failed], turns[correction.mended]];
  return (
    <section className={styles.mending} aria-label={words.episodes.selfCorrection}>
      <h3>
        {correction.succeeded ? <Mended /> : null}{" "}
        {correction.succeeded ? words.measures.mendedRight : words.measures.mendedWrong}
      </h3>
      <p className={styles.facts}>
        {words.measures.failedWith} {before.error || words.transcript.status[before.status]}
      </p>
      <CodeDiff before={before.code} after={after.code} words={words.measures} />
    </section>
  );
}

const leaning = ({ advantage }: EpisodeRecord): string => (advantage > 0 ? "up" : advantage < 0 ? "down" : "none");

/** One answer of the group; the open one is brought into sight. */
function Column({ episode, isOpen }: { episode: EpisodeRecord; isOpen: boolean }) {
  const { words } = useWords();
  const { store } = usePageContext();
  const column = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isOpen) column.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  return (
    <li ref={column} className={styles.column} aria-current={isOpen} data-leaning={leaning(episode)}>
      <div className={styles.columnHead}>
        <h3>{words.episodes.answerNumber(episode.sample + 1)}</h3>
        <EpisodeOutcome episode={episode} brief />
      </div>
      <Transcript question="" blocks={blocksOfEpisode(episode)} words={words.transcript} />
      <div className={styles.columnFoot}>
        <Button
          look="plain"
          label={`${words.episodes.single}: ${episode.sample + 1}`}
          onPress={() => store.setState({ selected: episode.id, sideBySide: false })}
        >
          {words.episodes.single}
        </Button>
      </div>
    </li>
  );
}

function SideBySide({ group, current }: { group: readonly EpisodeRecord[]; current: string }) {
  const { words } = useWords();
  const isMixed = group.some((episode) => episode.correct !== group[0].correct);
  return (
    <>
      <p>{isMixed ? words.episodes.teaches : words.episodes.noSignal}</p>
      <ul className={styles.columns} aria-label={words.episodes.groupView}>
        {group.map((episode) => (
          <Column key={episode.id} episode={episode} isOpen={episode.id === current} />
        ))}
      </ul>
    </>
  );
}

const flagNames = ["truncated", "void", "timeout", "maxTurns", "sandboxFailure"] as const;

function EpisodeFacts({ episode }: { episode: EpisodeRecord }) {
  const { words, language } = useWords();
  return (
    <p className={styles.facts}>
      <span>
        {words.episodes.step} {episode.step}
      </span>
      <span>
        {episode.problem.family} · {words.episodes.level(episode.problem.level)}
      </span>
      <span>{words.episodes.tokens(episode.ids.length - episode.promptLength)}</span>
      <span>
        {words.episodes.entropy} {formatValue(episode.entropy, "nats", language)} nats
      </span>
      {flagNames
        .filter((name) => episode.flags[name])
        .map((name) => (
          <strong key={name}>{words.episodes.flags[name]}</strong>
        ))}
    </p>
  );
}

/** One episode down to each token's probability, and its group. An error in it is brought into sight. */
export function EpisodeDetail({ episode }: { episode: EpisodeRecord }) {
  const { words, language } = useWords();
  const { store, episodes } = usePageContext();
  const sideBySide = useLab((state) => state.sideBySide);
  const group = episodes.group(episode);
  const blocks = useMemo(() => blocksOfEpisode(episode), [episode]);
  return (
    <section className={styles.detail} aria-label={words.episodes.detail}>
      <div className={styles.back}>
        <Button onPress={() => store.setState({ selected: null })}>{words.episodes.back}</Button>
      </div>
      <div className={styles.head}>
        <h2>{episode.problem.question}</h2>
        <Choice
          hideLabel
          label={words.episodes.groupView}
          value={sideBySide ? "group" : "single"}
          options={[
            { value: "single", label: words.episodes.single },
            { value: "group", label: words.episodes.groupOf(group.length) },
          ]}
          onChange={(mode) => store.setState({ sideBySide: mode === "group" })}
        />
      </div>
      <EpisodeFacts episode={episode} />
      <Group
        label={words.theatre.group(group.length)}
        group={group}
        current={episode.id}
        words={words.transcript}
        language={language}
        onOpen={(id) => store.setState({ selected: id })}
      />
      {sideBySide ? (
        <SideBySide group={group} current={episode.id} />
      ) : (
        <div className={styles.single}>
          <Transcript
            question=""
            blocks={blocks}
            words={words.transcript}
            focusError={episode.selfCorrection ? episode.id : undefined}
          />
          <EpisodeOutcome episode={episode} />
          <Mending episode={episode} />
          <Turns episode={episode} />
          <Probabilities episode={episode} />
          <Ledger episode={episode} />
        </div>
      )}
    </section>
  );
}
