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
  step: number;
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
    const blocks = blocksOfEpisode(finished);
    return { step: finished.step, question, expected, blocks, answer, finished: true, record: finished };
  }
  if (!act) return null;
  const blocks = blocksOfPieces(shownPieces(stage));
  const answered = blocks.findLast((block) => block.kind === "answer" && !block.open);
  const isRead = stage.shown >= act.pieces.length;
  return {
    step: act.step,
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
      <div className={styles.caption}>
        <span className={styles.quiet}>
          {words.charts.step} {shown.step} · {words.theatre.group(group.length)}
        </span>
        <button
          type="button"
          className={styles.link}
          onClick={() => store.setState({ view: "episodes", selected: shown.id, sideBySide: true })}
        >
          {words.theatre.sideBySide}
        </button>
      </div>
      <Group
        label={words.theatre.group(group.length)}
        group={group}
        current={record?.id}
        words={words.transcript}
        language={language}
        onOpen={(id) => store.setState({ view: "episodes", selected: id, sideBySide: false })}
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
              onClick={() => store.setState({ view: "episodes", selected: episode.id, sideBySide: false })}
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

/** What goes on now, or how the run stands where nothing does. */
function Heading() {
  const { words } = useWords();
  const phase = useLab((state) => state.run.phase);
  const phaseStep = useLab((state) => state.run.phaseStep);
  const step = useLab((state) => state.run.step);
  const state = useLab((page) => page.run.state);
  const { now, measured, doing, stands, title } = words.theatre;
  if (phase === "evaluate") return <h2>{measured(phaseStep)}</h2>;
  if (phase) return <h2>{now(phaseStep, doing[phase])}</h2>;
  const isAtRest = state === "paused" || state === "finished" || state === "failed";
  return <h2>{isAtRest ? stands[state](step) : title}</h2>;
}

/** What will be seen here, while there is nothing to see yet. */
function Waiting() {
  const { words } = useWords();
  const phase = useLab((state) => state.run.phase);
  const state = useLab((page) => page.run.state);
  const text = phase === "evaluate" ? words.theatre.measuring : words.theatre.beginning;
  return <p className={styles.quiet}>{state === "running" ? text : words.theatre.idle}</p>;
}

/** The right column: one episode as it is written, and what it earned. */
export function Theatre() {
  const { words } = useWords();
  const { store } = usePageContext();
  const pace = useLab((state) => state.run.stage.pace);
  const phase = useLab((state) => state.run.phase);
  const phaseStep = useLab((state) => state.run.phaseStep);
  const scene = useScene();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What is being written stays in sight.
    if (scene && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [scene]);
  return (
    <section className={styles.theatre} aria-label={words.theatre.title}>
      <div className={styles.head}>
        <Heading />
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
          <>
            {scene.step === phaseStep || pace === "live" ? null : (
              <p className={styles.quiet}>{words.theatre.fromStep(scene.step)}</p>
            )}
            <Transcript question={scene.question} blocks={scene.blocks} words={words.transcript} />
          </>
        ) : (
          <Waiting />
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
