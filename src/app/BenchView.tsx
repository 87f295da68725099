import { useState } from "react";
import { type BenchPlan, type BenchReport, type Parity, parityTolerance } from "../bench/report";
import { type BenchBackend, benchBackends, productFlops, type SubjectName, subjectNames } from "../bench/subject";
import { benchCells, type BenchRow, benchWorks, shortNumber, workName } from "../bench/table";
import { type BenchSize, benchSizes, timedTokens } from "../bench/workload";
import { Bars } from "../ui/Bars";
import { Button } from "../ui/Button";
import { Choice } from "../ui/Choice";
import { formatCount, formatValue } from "../ui/format";
import { Progress, QuietLine } from "../ui/Message";
import { ScrollTable } from "../ui/ScrollTable";
import { TableHead } from "../ui/TableHead";
import styles from "./BenchView.module.css";
import { useLab, usePageContext, useWords } from "./context";
import { download } from "./exports";

const engineNames: Record<SubjectName, string> = { ours: "ReTool Lab", tfjs: "TensorFlow.js", "jax-js": "jax-js" };

/** Seconds after which an engine's samples of one kind end: somebody is waiting. */
const patience = 30;

type Length = "quick" | "thorough";
const rounds: Record<Length, number> = { quick: 5, thorough: 20 };

/** What was compared with the oracle, engine by engine, and what came of it. */
function Parities({ parities }: { parities: readonly Parity[] }) {
  const { words } = useWords();
  const error = (value: number | null): string => (value === null ? "?" : value.toExponential(0));
  return (
    <ul className={styles.parities} aria-label={words.bench.parity}>
      {parities.map(({ subject, adapter, agreed, lossError, logprobError, fault }) => (
        <li key={subject}>
          <span aria-hidden>{agreed ? "✓" : "✗"}</span> {engineNames[subject]}
          {": "}
          {agreed
            ? words.bench.agrees(error(lossError), error(logprobError))
            : words.bench.differs(fault ?? `${error(lossError)}, ${error(logprobError)}`)}
          {adapter ? <span className={styles.quiet}> · {adapter}</span> : null}
        </li>
      ))}
    </ul>
  );
}

function WorkBars({ rows, tokens }: { rows: readonly BenchRow[]; tokens: number }) {
  const { words, language } = useWords();
  const [{ what }] = rows;
  const titles = {
    train: () => words.bench.train(formatCount(timedTokens, language)),
    decode: () => words.bench.decode(tokens, what.kind === "decode" ? what.rows : 0),
    multiply: () => words.bench.multiply(shortNumber(productFlops / 1e9)),
  };
  const text = ({ milliseconds, ratio, subject }: BenchRow): string => {
    const time = formatValue(milliseconds, "milliseconds", language);
    return ratio === null || subject === "ours" ? time : `${time} (${shortNumber(ratio)} ×)`;
  };
  return (
    <Bars
      title={titles[what.kind]()}
      bars={rows.map((row) => ({
        name: engineNames[row.subject],
        value: row.milliseconds,
        text: text(row),
        own: row.subject === "ours",
      }))}
    />
  );
}

function Table({ report }: { report: BenchReport }) {
  const { words } = useWords();
  const [titles, ...rows] = benchCells(report);
  return (
    <details>
      <summary>{words.bench.numbers}</summary>
      <p className={styles.quiet}>{words.bench.javascript}</p>
      <ScrollTable label={words.bench.numbers}>
        <TableHead titles={titles} />
        <tbody>
          {rows.map((cells) => (
            <tr key={cells.slice(0, 4).join()}>
              {cells.map((cell, i) => (
                <td key={titles[i]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </details>
  );
}

function Found({ report }: { report: BenchReport }) {
  const { words } = useWords();
  const works = benchWorks(report);
  return (
    <section className={styles.found} aria-label={words.bench.found}>
      {report.matches.map(({ backend, size, parities }) => (
        <div key={`${backend} ${size}`} className={styles.match}>
          <h3>
            {backend} · {size}
          </h3>
          <Parities parities={parities} />
          {works
            .filter(([first]) => first.backend === backend && first.size === size)
            .map((rows) => (
              <WorkBars key={workName(rows[0].what)} rows={rows} tokens={report.plan.tokens} />
            ))}
        </div>
      ))}
      <p className={styles.quiet}>{words.bench.shorter}</p>
      <Table report={report} />
      <div>
        <Button onPress={() => download("bench.json", JSON.stringify(report, null, 1), "application/json")}>
          {words.bench.download}
        </Button>
      </div>
    </section>
  );
}

function Doing() {
  const { words } = useWords();
  const doing = useLab((state) => state.bench.doing);
  if (!doing) return null;
  const { backend, size, phase, done, total } = doing;
  const detail = `${backend} · ${size} · ${words.progress.of(String(done), String(total))}`;
  return <Progress label={words.bench.phases[phase]} detail={detail} done={done} total={total} />;
}

/** What is to be measured, and the button that does it. */
function Form() {
  const { words } = useWords();
  const { bench } = usePageContext();
  const isMeasuring = useLab((state) => state.bench.doing !== null);
  const isRunning = useLab((state) => state.run.state === "running");
  const [size, setSize] = useState<BenchSize>("spark");
  const [backend, setBackend] = useState<BenchBackend>("gpu" in navigator ? "webgpu" : "wasm");
  const [length, setLength] = useState<Length>("quick");
  const plan: BenchPlan = {
    backends: [backend],
    sizes: [size],
    subjects: [...subjectNames],
    rows: [64],
    rounds: rounds[length],
    tokens: 16,
    patience,
    soakSteps: 0,
  };
  const plainly = <T extends string>(values: readonly T[]) => values.map((value) => ({ value, label: value }));
  const lengths = (["quick", "thorough"] as const).map((value) => ({
    value,
    label: words.bench[value](rounds[value]),
  }));
  return (
    <>
      <div className={styles.row}>
        <Choice label={words.bench.size} value={size} options={plainly(benchSizes)} onChange={setSize} />
        <Choice label={words.bench.backend} value={backend} options={plainly(benchBackends)} onChange={setBackend} />
        <Choice label={words.bench.length} value={length} options={lengths} onChange={setLength} />
      </div>
      <div className={styles.row}>
        {isMeasuring ? (
          <Button onPress={() => bench.stop()}>{words.bench.stop}</Button>
        ) : (
          // Whatever goes wrong stands in the store.
          <Button look="primary" isDisabled={isRunning} onPress={() => void bench.measure(plan).catch(() => undefined)}>
            {words.bench.start}
          </Button>
        )}
        <span className={styles.quiet}>{isRunning ? words.bench.pauseFirst : words.bench.hint}</span>
      </div>
    </>
  );
}

/** Engines side by side on the reader's own machine. */
export function BenchView() {
  const { words } = useWords();
  const { report, problem } = useLab((state) => state.bench);
  return (
    <div className={styles.bench}>
      <h2>{words.bench.title}</h2>
      <p>{words.bench.intro(String(parityTolerance.loss))}</p>
      <Form />
      <div aria-live="polite">
        <Doing />
      </div>
      {problem === null ? null : <QuietLine>{words.bench.failed(problem)}</QuietLine>}
      {report === null || report.matches.length === 0 ? null : <Found report={report} />}
    </div>
  );
}
