import { Button } from "../ui/Button";
import styles from "./Controls.module.css";
import { useLab, usePageContext, useWords } from "./context";
import { waitingKeys } from "./controller";
import { Loading } from "./Status";

/** Start, pause or resume: the one that makes sense now. */
export function MainButton({ look }: { look?: "primary" | "huge" }) {
  const { words } = useWords();
  const { controller } = usePageContext();
  const state = useLab((page) => page.run.state);
  const step = useLab((page) => page.run.step);
  const steps = useLab((page) => page.form.steps);
  const starting = useLab((page) => page.starting);
  const pausing = useLab((page) => page.pausing);
  const coldStarting = useLab((page) => page.coldStarting);
  if (coldStarting !== "no") {
    return (
      <Button look={look} isDisabled={coldStarting === "stopping"} onPress={() => void controller.stopColdStart()}>
        {coldStarting === "stopping" ? words.coldStart.stopping : words.coldStart.stop}
      </Button>
    );
  }
  if (state === "running") {
    return (
      <Button look={look} isDisabled={pausing} onPress={() => void controller.pause()}>
        ❙❙ {pausing ? words.controls.pausing : words.controls.pause}
      </Button>
    );
  }
  return (
    <Button
      look={look}
      isDisabled={starting || (state === "finished" && step >= steps)}
      onPress={() => {
        void controller.start();
      }}
    >
      ▶ {step > 0 ? words.controls.resume : words.controls.start}
    </Button>
  );
}

/** What a run can be told, and where it stands. Before it has begun, the view itself has the button that begins it. */
export function RunButtons({ hasBegun }: { hasBegun: boolean }) {
  const { words } = useWords();
  const { controller } = usePageContext();
  const state = useLab((page) => page.run.state);
  const step = useLab((page) => page.run.step);
  const steps = useLab((page) => page.form.steps);
  const starting = useLab((page) => page.starting);
  const differs = useLab((page) => waitingKeys(page.form, page.info?.config).length > 0 && page.run.step > 0);
  const hasRows = useLab((page) => page.run.rows.length > 0);
  const isMaking = useLab((page) => page.coldStarting !== "no");
  const canReset = state !== "loading" && !isMaking && (hasRows || state === "running");
  const isBusy = state === "running" || state === "loading" || starting;
  return (
    <div>
      <div className={styles.buttons}>
        {hasBegun ? (
          <div className={`${styles.wide} ${styles.main}`}>
            <MainButton look="primary" />
          </div>
        ) : null}
        <Button isDisabled={isBusy} onPress={() => void controller.step()}>
          {words.controls.step}
        </Button>
        <div className={differs ? styles.wide : styles.half}>
          <Button isDisabled={!canReset} onPress={() => void controller.reset()}>
            {differs ? words.controls.resetWith : words.controls.reset}
          </Button>
        </div>
      </div>
      <output className={styles.state}>
        {isMaking ? words.coldStart.title : words.states[state]}
        {step > 0 ? ` · ${step} / ${steps}` : ""}
        {state === "finished" ? ` · ${words.controls.finished}` : ""}
      </output>
      <div className={styles.slot}>{hasBegun ? <Loading /> : null}</div>
    </div>
  );
}
