import { useState } from "react";
import { FileTrigger } from "react-aria-components/FileTrigger";
import type { DroppedLine, TraceRecord } from "../core/cold-start";
import { linesOfParquet, traceLines, traceParquet } from "../storage/traces";
import { Button } from "../ui/Button";
import { formatValue } from "../ui/format";
import { useLab, usePageContext, useWords } from "./context";
import { download } from "./exports";
import styles from "./TracesView.module.css";

/** Written between two signs of life. */
const stride = 512;

const kinds = ["jsonl", "parquet"] as const;

/** Writes all traces of the run to a file; how many are written so far, null while none are. */
function useSaving(size: number): { written: number | null; save: (kind: (typeof kinds)[number]) => Promise<void> } {
  const { controller } = usePageContext();
  const [written, setWritten] = useState<number | null>(null);
  const save = async (kind: (typeof kinds)[number]): Promise<void> => {
    const records: TraceRecord[] = [];
    while (records.length < size) {
      const some = await controller.traces(records.length, Math.min(stride, size - records.length));
      if (!some) break;
      records.push(...some);
      setWritten(records.length);
    }
    setWritten(null);
    if (records.length < size) return;
    if (kind === "jsonl") download("traces.jsonl", traceLines(records), "application/jsonl");
    else download("traces.parquet", await traceParquet(records), "application/vnd.apache.parquet");
  };
  return { written, save };
}

/** Lines that are listed; a file with more that is wrong is wrong in the same way. */
const mostListed = 20;

/** Where the traces of one's own stand that were dropped, and why. */
function Dropped({ lines }: { lines: readonly DroppedLine[] }) {
  const { words } = useWords();
  const { droppedLine, droppedMore, reasons, droppedLines } = words.traces;
  return (
    <ul className={styles.quiet} aria-label={droppedLines}>
      {lines.slice(0, mostListed).map(({ line, why }) => (
        <li key={line}>{droppedLine(line, reasons[why])}</li>
      ))}
      {lines.length > mostListed ? <li>{droppedMore(lines.length - mostListed)}</li> : null}
    </ul>
  );
}

/** The traces to take home, traces of one's own, and the cold start that is made of either. */
export function TraceFiles() {
  const { words, language } = useWords();
  const { controller } = usePageContext();
  const isOpen = useLab((state) => state.info !== null);
  const size = useLab((state) => state.info?.config.coldStart.traces ?? 0);
  const isBusy = useLab((state) => state.run.state === "running" || state.run.state === "loading");
  const own = useLab((state) => state.ownTraces);
  const { written, save } = useSaving(size);
  const load = async (file: File): Promise<void> => {
    const isTable = file.name.endsWith(".parquet");
    const text = isTable ? await linesOfParquet(await file.arrayBuffer()).catch(() => null) : await file.text();
    if (text !== null) return controller.loadTraces(file.name, text);
    const { unreadable: message, unreadableHint: hint } = words.traces;
    controller.fault({ at: "config", code: "traces", message, hint });
  };
  return (
    <section className={styles.files}>
      <h3>{words.traces.files}</h3>
      <div className={styles.buttons}>
        {kinds.map((kind) => (
          <Button key={kind} isDisabled={!isOpen || written !== null} onPress={() => void save(kind)}>
            {words.traces.save(kind)}
          </Button>
        ))}
        <FileTrigger
          acceptedFileTypes={[".jsonl", ".parquet"]}
          onSelect={(list) => {
            const file = list?.item(0);
            if (file) void load(file);
          }}
        >
          <Button isDisabled={!isOpen || isBusy} onPress={() => undefined}>
            {words.traces.load}
          </Button>
        </FileTrigger>
        <Button isDisabled={!isOpen || isBusy} onPress={() => void controller.coldStart()}>
          {words.traces.make}
        </Button>
      </div>
      <output className={styles.quiet}>
        {written === null
          ? null
          : words.traces.saving(formatValue(written, "count", language), formatValue(size, "count", language))}
      </output>
      <p className={styles.quiet}>
        {own ? words.traces.loaded(own.title, own.traces, own.dropped.length) : words.traces.loadHint}{" "}
        {words.traces.makeHint}
      </p>
      {own && own.dropped.length > 0 ? <Dropped lines={own.dropped} /> : null}
    </section>
  );
}
