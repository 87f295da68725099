import { Button } from "../ui/Button";
import { formatCount } from "../ui/format";
import { Message, Progress, QuietLine } from "../ui/Message";
import { useLab, usePageContext, useWords } from "./context";
import styles from "./Status.module.css";

/** What is being loaded or done, where it takes long; nothing otherwise. */
export function Loading() {
  const { words, language } = useWords();
  const progress = useLab((state) => state.run.progress);
  const state = useLab((page) => page.run.state);
  const isLoaded = useLab((page) => page.info !== null);
  const loss = useLab((page) => page.run.coldStart.at(-1)?.loss);
  const failed = useLab((page) => page.run.fault !== null);
  if (failed) return null;
  if (!progress) {
    const isConnecting = !isLoaded && (state === "empty" || state === "loading");
    return isConnecting ? <Progress label={words.progress.connecting} detail="" done={0} total={0} /> : null;
  }
  const { task, done, total } = progress;
  const isBytes = total > 100_000;
  const amount = (value: number): string =>
    isBytes ? `${(value / 1e6).toFixed(1)} MB` : formatCount(Math.round(value), language);
  const of = total > 0 ? words.progress.of(amount(done), amount(total)) : "";
  const detail = task === "cold-start" && loss !== undefined ? `${of} · ${loss.toFixed(2)} nats` : of;
  return <Progress label={words.progress[task]} detail={detail} done={done} total={total} />;
}

/** What is wrong with the address. */
export function Problems() {
  const { words } = useWords();
  const { store } = usePageContext();
  const problems = useLab((state) => state.problems);
  if (problems.length === 0) return null;
  return (
    <Message
      title={words.problems.title}
      actions={<Button onPress={() => store.setState({ problems: [] })}>{words.problems.dismiss}</Button>}
    >
      <ul lang="en">
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </Message>
  );
}

/** What failed, why, what to do, and that nothing is lost. */
export function FaultMessage() {
  const { words } = useWords();
  const { controller } = usePageContext();
  const fault = useLab((state) => state.run.fault);
  const hasData = useLab((state) => state.run.rows.length > 0);
  const isLoaded = useLab((state) => state.info !== null);
  if (!fault) return null;
  return (
    <Message
      isFault
      title={words.fault.title}
      actions={
        <>
          {isLoaded ? null : <Button onPress={() => void controller.open()}>{words.fault.retry}</Button>}
          <Button onPress={() => controller.fault(null)}>{words.fault.dismiss}</Button>
        </>
      }
    >
      <p>{fault.message}</p>
      <p>{fault.hint}</p>
      {hasData ? <p>{words.fault.kept}</p> : null}
    </Message>
  );
}

/** What is worse than it could be, one quiet line each. */
export function Notices() {
  const { words } = useWords();
  const all = useLab((state) => state.run.notices);
  const isRandom = useLab((state) => state.info?.checkpoint === "random");
  // A cold start that was made here, or a checkpoint of the reader's, settles this one.
  const notices = all.filter(({ code }) => isRandom || code !== "random-weights");
  if (notices.length === 0) return null;
  return (
    <section className={styles.notices} aria-label={words.notices.title} aria-live="polite">
      {notices.map(({ code, message, count }) => (
        <QuietLine key={code}>
          <span title={message}>
            {words.notices[code]}
            {count > 1 ? ` (${count})` : ""}
          </span>
        </QuietLine>
      ))}
    </section>
  );
}

/** Everything that has to be said above a view. */
export function Messages() {
  return (
    <div className={styles.messages}>
      <Problems />
      <FaultMessage />
    </div>
  );
}
