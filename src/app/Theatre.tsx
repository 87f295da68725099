import { useEffect, useMemo, useRef } from "react";
import type { EpisodeRecord } from "../core/episode";
import { type Block, blocksOfEpisode, blocksOfPieces } from "../ui/blocks";
import { Choice } from "../ui/Choice";
import { Mended } from "../ui/Mended";
import { Group, Outcome } from "../ui/Outcome";
import { PhasePointer } from "../ui/PhasePointer";
import { Transcript } from "../ui/Transcript";
import { useLab, usePageContext, useWords } from "./context";
import { shownPieces, type Stage } from "./stage";
import styles from "./Theatre.module.css";

interface Scene {
  question: string;
  expected: number;
  blocks: Block[];
  /** What it answered so far. */
  answer: string | null;
  finished: boolean;
  record: EpisodeRecord | undefined;
}

/** What is on stage: the stream as far as it is read, or a finished episode. */
function sceneOf(stage: Stage, record: EpisodeRecord | undefined, showcase: EpisodeRecord | undefined): Scene | null {
  const { act } = stage;
  const finished = stage.pace === "finished" || !act ? showcase : undefined;
  if (finished) {
    const { question, answer: expected } = finished.problem;
    const answer = finished.answer === null ? null : String(finished.answer);
    return { question, expected, blocks: blocksOfEpisode(finished), answer, finished: true, record: finished };
  }
  if (!act) return null;
  const blocks = blocksOfPieces(shownPieces(stage));
  const answered = blocks.findLast((block) => block.kind === "answer" && !block.open);
  const isRead = stage.shown >= act.pieces.length;
  return {
    question: act.question,
    expected: act.answer,
    blocks: record && isRead ? blocksOfEpisode(record) : blocks,
    answer: answered && /^-?\d+$/.test(answered.text) ? answered.text : null,
    finished: isRead && (answered !== undefined || record !== undefined),
    record: isRead ? record : undefined,
  };
}

function useScene(): Scene | null {
  const { episodes } = usePageContext();
  const stage = useLab((state) => state.run.stage);
  const version = useLab((state) => state.run.episodesVersion);
  return useMemo(() => {
    const record = stage.act ? episodes.get(stage.act.episode) : undefined;
    return version >= 0 ? sceneOf(stage, record, episodes.showcase()) : null;
  }, [stage, version, episodes]);
}

function SceneOutcome({ scene }: { scene: Scene }) {
  const { words, language } = useWords();
  const { record, answer, expected } = scene;
  const correct = record ? record.correct : answer === String(expected);
  return (
    <Outcome
      answer={answer}
      expected={expected}
      correct={correct}
      reward={record ? record.reward : correct ? 1 : -1}
      advantage={record ? record.advantage : null}
      words={words.transcript}
      language={language}
    />
  );
}

/** All answers to the last problem whose group is complete. */
function LastGroup({ record }: { record: EpisodeRecord | undefined }) {
  const { words, language } = useWords();
  const { store, episodes } = usePageContext();
  const shown = record ?? episodes.showcase();
  if (!shown) return null;
  const group = episodes.group(shown);
  return (
    <>
      <p className={styles.quiet}>
        {words.charts.step} {shown.step} · {words.theatre.group(group.length)}
      </p>
      <Group
        label={words.theatre.group(group.length)}
        group={group}
        current={record?.id}
        words={words.transcript}
        language={language}
        onOpen={(id) => store.setState({ view: "episodes", selected: id })}
      />
    </>
  );
}

function SelfCorrections() {
  const { words } = useWords();
  const { store, episodes } = usePageContext();
  const version = useLab((state) => state.run.episodesVersion);
  const list = useMemo(() => (version >= 0 ? episodes.selfCorrections() : []), [version, episodes]);
  return (
    <details className={styles.corrections}>
      <summary>{words.theatre.selfCorrections(list.length)}</summary>
      {list.length === 0 ? <p className={styles.quiet}>{words.theatre.noSelfCorrections}</p> : null}
      <ul>
        {list.slice(0, 100).map((episode) => (
          <li key={episode.id}>
            <button
              type="button"
              className={styles.correction}
              onClick={() => store.setState({ view: "episodes", selected: episode.id })}
            >
              <Mended />
              <span>
                {words.charts.step} {episode.step} · {episode.problem.question}{" "}
                <span className={styles.quiet}>{episode.turns.find((turn) => turn.error)?.error}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The right column: one episode as it is written, and what it earned. */
export function Theatre() {
  const { words } = useWords();
  const { store } = usePageContext();
  const pace = useLab((state) => state.run.stage.pace);
  const phase = useLab((state) => state.run.phase);
  const step = useLab((state) => state.run.step);
  const scene = useScene();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What is being written stays in sight.
    if (scene && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [scene]);
  return (
    <section className={styles.theatre} aria-label={words.theatre.title}>
      <div className={styles.head}>
        <h2>{phase ? words.theatre.now(step, words.phases[phase]) : words.theatre.title}</h2>
        <Choice
          hideLabel
          label={words.theatre.speed}
          value={pace}
          options={(["slow", "live", "finished"] as const).map((value) => ({ value, label: words.theatre[value] }))}
          onChange={(value) => store.setState(({ run }) => ({ run: { ...run, stage: { ...run.stage, pace: value } } }))}
        />
      </div>
      <PhasePointer phase={phase} words={words.phases} />
      {/* A scrolling part has to be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section ref={box} className={styles.stage} tabIndex={0} aria-label={words.episodes.detail}>
        {scene ? (
          <Transcript question={scene.question} blocks={scene.blocks} words={words.transcript} />
        ) : (
          <p className={styles.quiet}>{words.theatre.idle}</p>
        )}
      </section>
      <div className={styles.foot}>
        {scene?.finished ? <SceneOutcome scene={scene} /> : null}
        <LastGroup record={scene?.record} />
      </div>
      <SelfCorrections />
    </section>
  );
}
