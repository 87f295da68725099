import { Transcript } from "../ui/Transcript";
import { useLab, useWords } from "./context";
import styles from "./Empty.module.css";
import { example } from "./example";
import { MainButton } from "./RunButtons";
import { Loading } from "./Status";

/** Before the first start: what will happen, one episode, and the one button that matters. */
export function Empty() {
  const { words } = useWords();
  const starting = useLab((state) => state.starting);
  const isLoaded = useLab((state) => state.info !== null);
  return (
    <div className={styles.empty}>
      <div className={styles.what}>
        <h2>{words.empty.title}</h2>
        {words.empty.sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <div className={styles.start}>
          <MainButton look="huge" />
        </div>
        <p className={styles.quiet}>{starting && !isLoaded ? words.empty.waiting : words.empty.startHint}</p>
        <div className={styles.wait}>
          <Loading />
        </div>
      </div>
      <figure className={styles.example}>
        <figcaption>{words.empty.example}</figcaption>
        <Transcript question={example.question} blocks={example.blocks} words={words.transcript} />
      </figure>
    </div>
  );
}
