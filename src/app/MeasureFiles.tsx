import { FileTrigger } from "react-aria-components/FileTrigger";
import { evaluationsToJsonl } from "../storage/export";
import { Button } from "../ui/Button";
import styles from "./Controls.module.css";
import { useLab, usePageContext, useWords } from "./context";
import { download } from "./exports";

/** What was scored, to take home; and a set of one's own, to be scored too. */
export function MeasureFiles() {
  const { words } = useWords();
  const { controller } = usePageContext();
  const evaluations = useLab((state) => state.run.evaluations);
  const ownSet = useLab((state) => state.ownSet);
  const isOpen = useLab((state) => state.info !== null);
  const isBusy = useLab((state) => state.run.state === "running" || state.run.state === "loading");
  const load = async (file: File): Promise<void> => controller.loadBenchmark(file.name, await file.text());
  return (
    <>
      <Button
        isDisabled={evaluations.length === 0}
        onPress={() => download("evaluations.jsonl", evaluationsToJsonl(evaluations), "application/jsonl")}
      >
        {words.measures.download}
      </Button>
      <FileTrigger
        acceptedFileTypes={[".jsonl", ".json"]}
        onSelect={(list) => {
          const file = list?.item(0);
          if (file) void load(file);
        }}
      >
        <Button isDisabled={!isOpen || isBusy} onPress={() => undefined}>
          {words.measures.loadOwn}
        </Button>
      </FileTrigger>
      <output className={styles.note}>
        {ownSet ? words.measures.ownLoaded(ownSet.title, ownSet.problems) : words.measures.ownHint}
      </output>
    </>
  );
}
