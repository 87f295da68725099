import { useEffect, useState } from "react";
import type { TraceRecord } from "../core/cold-start";
import { differingKeys } from "../config/settings";
import type { LabInfo } from "../session/api";
import { Bars } from "../ui/Bars";
import { blocksOfPieces } from "../ui/blocks";
import { Button } from "../ui/Button";
import { Select } from "../ui/Choice";
import { formatValue } from "../ui/format";
import { Transcript } from "../ui/Transcript";
import { useLab, usePageContext, useWords } from "./context";
import { TraceFiles } from "./TraceFiles";
import styles from "./TracesView.module.css";
import { everyTrace, findTrace, lookedThrough, tally, type TraceFilter, traceStyles } from "./traces";

/** Traces whose kinds are counted on the page. */
const counted = 256;

const takenBack = " no";

function Initial({ lines }: { lines: readonly string[] }) {
  const { traces: words } = useWords().words;
  return (
    <ol className={styles.lines}>
      {lines.map((line, place) => (
        // A line may stand twice; its place is its name.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={place}>
          {line.endsWith(takenBack) ? <s title={words.takenBack}>{line.slice(0, -takenBack.length)}</s> : line}
        </li>
      ))}
    </ol>
  );
}

function Made({ pieces }: Pick<TraceRecord, "pieces">) {
  const { words } = useWords();
  if (!pieces) return <p className={styles.quiet}>{words.traces.noTrace}</p>;
  const stream = pieces.map((piece, index) => ({ ...piece, episode: "trace", index, probability: 1 }));
  return <Transcript question="" blocks={blocksOfPieces(stream)} words={words.transcript} />;
}

function Verdict({ dropped }: Pick<TraceRecord, "dropped">) {
  const { traces: words } = useWords().words;
  return (
    <p className={styles.verdict} data-stands={dropped === null}>
      {dropped === null ? words.stands : words.verdict(words.reasons[dropped])}
    </p>
  );
}

function Trace({ record }: { record: TraceRecord }) {
  const { traces: words } = useWords().words;
  const { problem, initial, style, pieces, tokens, dropped } = record;
  const known = traceStyles.find((one) => one === style);
  return (
    <article className={styles.trace} aria-label={`${words.trace} ${record.number + 1}`}>
      <p className={styles.question}>{problem.question}</p>
      <p className={styles.facts}>
        <span>{problem.family}</span>
        <span>{known ? words.styles[known] : style}</span>
        <span>{words.tokens(tokens)}</span>
      </p>
      <div className={styles.pair}>
        <section>
          <h3>{words.initial}</h3>
          <Initial lines={initial} />
        </section>
        <section>
          <h3>{words.made}</h3>
          <Made pieces={pieces} />
        </section>
      </div>
      <Verdict dropped={dropped} />
    </article>
  );
}

function Counts({ records }: { records: readonly TraceRecord[] }) {
  const { words, language } = useWords();
  const { kept, dropped } = tally(records);
  const text = (count: number): string => formatValue(count / records.length, "share", language);
  const bars = [
    ...kept.map(([style, value]) => ({ name: words.traces.styles[style], value, text: text(value), own: true })),
    ...dropped.map(([reason, value]) => ({ name: words.traces.dropped[reason], value, text: text(value), own: false })),
  ];
  return <Bars title={words.traces.counts(records.length)} bars={bars} />;
}

interface StepsProps {
  number: number;
  size: number;
  filter: TraceFilter;
  onFilter: (filter: TraceFilter) => void;
  onGo: (from: number, direction: 1 | -1) => void;
}

function Steps({ number, size, filter, onFilter, onGo }: StepsProps) {
  const { words, language } = useWords();
  const { traces } = words;
  const [draft, setDraft] = useState<string | null>(null);
  const go = (): void => {
    const wanted = Number(draft);
    if (draft !== null && Number.isInteger(wanted) && wanted >= 1 && wanted <= size) onGo(wanted - 1, 1);
    setDraft(null);
  };
  return (
    <div className={styles.steps}>
      <Button isDisabled={number === 0} onPress={() => onGo(number - 1, -1)}>
        {traces.previous}
      </Button>
      <label>
        {traces.trace}{" "}
        <input
          className={styles.number}
          inputMode="numeric"
          value={draft ?? String(number + 1)}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={go}
          onKeyDown={(event) => {
            if (event.key === "Enter") go();
          }}
        />{" "}
        {traces.of(formatValue(size, "count", language))}
      </label>
      <Button isDisabled={number >= size - 1} onPress={() => onGo(number + 1, 1)}>
        {traces.next}
      </Button>
      <Select
        label={traces.style}
        value={filter.style}
        options={[
          { value: "all", label: traces.all },
          ...traceStyles.map((style) => ({ value: style, label: traces.styles[style] })),
        ]}
        onChange={(style) => onFilter({ ...filter, style })}
      />
      <label>
        <input
          type="checkbox"
          checked={filter.droppedOnly}
          onChange={(event) => onFilter({ ...filter, droppedOnly: event.target.checked })}
        />
        {traces.droppedOnly}
      </label>
    </div>
  );
}

/** The run's first traces, for counting; null until they are there. */
function useFirstTraces(info: LabInfo | null): readonly TraceRecord[] | null {
  const { controller } = usePageContext();
  const [found, setFound] = useState<{ of: LabInfo; records: readonly TraceRecord[] } | null>(null);
  useEffect(() => {
    let isWanted = true;
    const look = async (of: LabInfo): Promise<void> => {
      const records = await controller.traces(0, Math.min(counted, of.config.coldStart.traces));
      if (isWanted && records) setFound({ of, records });
    };
    if (info) void look(info);
    return () => {
      isWanted = false;
    };
  }, [controller, info]);
  return found?.of === info ? (found?.records ?? null) : null;
}

function Traces({ first, size }: { first: readonly TraceRecord[]; size: number }) {
  const { words } = useWords();
  const { controller } = usePageContext();
  const [shown, setShown] = useState(first[0]);
  const [filter, setFilter] = useState(everyTrace);
  const [isMissing, setIsMissing] = useState(false);
  const go = async (wanted: TraceFilter, from: number, direction: 1 | -1): Promise<void> => {
    const read = (start: number, count: number) => controller.traces(start, count);
    const found = await findTrace(read, wanted, from, direction, size);
    setIsMissing(found === null);
    if (found) setShown(found);
  };
  const choose = (next: TraceFilter): void => {
    setFilter(next);
    void go(next, shown.number, 1);
  };
  return (
    <>
      <Steps
        number={shown.number}
        size={size}
        filter={filter}
        onFilter={choose}
        onGo={(from, direction) => void go(filter, from, direction)}
      />
      <output className={styles.quiet}>{isMissing ? words.traces.noneFound(lookedThrough) : null}</output>
      <Trace record={shown} />
      <Counts records={first} />
    </>
  );
}

/** D_init beside D_CI, trace by trace. */
export function TracesView() {
  const { words } = useWords();
  const info = useLab((state) => state.info);
  const form = useLab((state) => state.form);
  const first = useFirstTraces(info);
  const isWaiting =
    info !== null && differingKeys(form, info.config).some((key) => key.startsWith("coldStart.") || key === "problems");
  return (
    <div className={styles.view}>
      <h2>{words.traces.title}</h2>
      <p className={styles.what}>{words.traces.what}</p>
      {isWaiting ? <p className={styles.quiet}>{words.traces.waitingSettings}</p> : null}
      {info && first ? (
        <Traces key={info.config.seed} first={first} size={info.config.coldStart.traces} />
      ) : (
        <p className={styles.quiet}>{info ? words.traces.waiting : words.traces.notOpen}</p>
      )}
      <TraceFiles />
    </div>
  );
}
