import { FileTrigger } from "react-aria-components/FileTrigger";
import { FaultError } from "../core/result";
import type { ComparedRun } from "../storage/comparison";
import { readBundle, readRuns } from "../storage/comparison-files";
import { Button } from "../ui/Button";
import styles from "./CompareView.module.css";
import { usePageContext, useWords } from "./context";

/** Runs from files, and the example that is shipped. */
export function CompareFiles() {
  const { words } = useWords();
  const { store, controller } = usePageContext();
  const take = async (read: () => Promise<ComparedRun[]>): Promise<void> => {
    try {
      const runs = await read();
      const taken = new Set(runs.map(({ id }) => id));
      store.setState(({ compared }) => ({ compared: [...compared.filter(({ id }) => !taken.has(id)), ...runs] }));
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      controller.fault(error.fault);
    }
  };
  const load = (list: FileList | null): void => {
    const files = [...(list ?? [])];
    if (files.length === 0) return;
    const named = files.map(async (file) => ({ path: file.webkitRelativePath || file.name, text: await file.text() }));
    void take(async () => readRuns(await Promise.all(named)));
  };
  const example = async (): Promise<ComparedRun[]> => {
    const response = await fetch(new URL("compare/paper.json", document.baseURI));
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    if (response.ok && isJson) return readBundle({ path: "paper.json", text: await response.text() });
    const { exampleMissing: message, exampleMissingHint: hint } = words.compare;
    throw new FaultError({ at: "network", code: "missing", message, hint });
  };
  return (
    <div className={styles.buttons}>
      <Button onPress={() => void take(example)}>{words.compare.example}</Button>
      <FileTrigger allowsMultiple acceptedFileTypes={[".json", ".jsonl"]} onSelect={load}>
        <Button onPress={() => undefined}>{words.compare.load}</Button>
      </FileTrigger>
      <FileTrigger acceptDirectory onSelect={load}>
        <Button onPress={() => undefined}>{words.compare.loadFolder}</Button>
      </FileTrigger>
      <span className={styles.quiet}>{words.compare.loadHint}</span>
    </div>
  );
}
