import { useRef } from "react";
import { expectation, parseSetting } from "../config/settings";
import { snippetLimits, type SnippetLimits } from "../config/snippet-limits";
import type { ConsoleResult, SympyChoice } from "../session/api";
import { Button } from "../ui/Button";
import { CodeField, type CodeFieldHandle } from "../ui/CodeField";
import { formatCount, formatValue } from "../ui/format";
import { SettingField } from "../ui/SettingField";
import { Observation, Printed, StatusBadge } from "../ui/SnippetOutcome";
import {
  type ConsoleRun,
  type ConsoleState,
  limitNames,
  limitSettings,
  readByPolicy,
  sympySetting,
  withConsoleLimits,
  withConsoleSympy,
} from "./console";
import { ConsoleCounts } from "./ConsoleCounts";
import styles from "./ConsoleView.module.css";
import { useLab, usePageContext, useWords } from "./context";

/** The console's part of the store, and how to change it. */
function useConsole(): [ConsoleState, (change: (state: ConsoleState) => ConsoleState) => void] {
  const { store } = usePageContext();
  const state = useLab((page) => page.console);
  return [state, (change) => store.setState((page) => ({ console: change(page.console) }))];
}

function Sympy({ runSympy }: { runSympy: SympyChoice }) {
  const { words, language } = useWords();
  const [{ sympy }, change] = useConsole();
  const commit = (text: string): null => {
    change((state) => withConsoleSympy(state, text === "on" ? "on" : "off", runSympy));
    return null;
  };
  return (
    <SettingField
      label={sympySetting.label[language]}
      unit=""
      hint={words.console.sympyHint}
      value={sympy ?? runSympy}
      choices={sympySetting.choices}
      isWaiting={sympy !== null}
      showHint
      onCommit={commit}
    />
  );
}

function Limits({ runLimits, runSympy }: { runLimits: SnippetLimits; runSympy: SympyChoice }) {
  const { words, language } = useWords();
  const [{ limits, sympy }, change] = useConsole();
  const shown = limits ?? runLimits;
  const commit = (name: keyof SnippetLimits, text: string): string | null => {
    const setting = limitSettings[name];
    const value = parseSetting(setting, text);
    if (typeof value !== "number") return words.controls.invalid(text, expectation(setting));
    change((state) => withConsoleLimits(state, { [name]: value }, runLimits));
    return null;
  };
  return (
    <section className={styles.limits} aria-label={words.console.limits}>
      <h3>{words.console.limits}</h3>
      {limitNames.map((name) => (
        <SettingField
          key={name}
          label={limitSettings[name].label[language]}
          unit={words.console.limitUnits[name]}
          hint={words.console.limitHints[name]}
          value={String(shown[name])}
          choices={[]}
          isWaiting={shown[name] !== runLimits[name]}
          showHint
          onCommit={(text) => commit(name, text)}
        />
      ))}
      <Sympy runSympy={runSympy} />
      <Button
        isDisabled={limits === null && sympy === null}
        onPress={() => change((state) => ({ ...state, limits: null, sympy: null }))}
      >
        {words.console.resetLimits}
      </Button>
    </section>
  );
}

/** How it ended in a sentence, with what it used. */
function Ending({ result, limits, onLine }: { result: ConsoleResult; limits: SnippetLimits; onLine: () => void }) {
  const { words, language } = useWords();
  const { status, line, fuel, milliseconds } = result;
  const facts = { ...limits, outOfFuel: fuel >= limits.fuel };
  return (
    <>
      <p className={styles.ending}>
        <StatusBadge status={status} word={words.transcript.status[status]} />
        <span>{words.console.endings[status](facts)}</span>
        {line === null ? null : <Button onPress={onLine}>{words.console.line(line)}</Button>}
      </p>
      <p className={styles.quiet}>
        {words.console.used(formatCount(fuel, language), formatValue(milliseconds, "milliseconds", language))}
      </p>
    </>
  );
}

function Results({ run, onLine }: { run: ConsoleRun; onLine: (line: number) => void }) {
  const { words, language } = useWords();
  const { result, policyResult, limits, sympy } = run;
  const count = (value: number): string => formatCount(value, language);
  const bounds = words.console.bounds(count(limits.fuel), String(limits.seconds), count(limits.outputCharacters));
  const read = readByPolicy(policyResult.observation);
  return (
    <div className={styles.results}>
      <section className={styles.result} aria-label={words.console.result}>
        <h3>{words.console.result}</h3>
        <p className={styles.quiet}>{sympy === "on" ? words.console.withSympy(bounds) : bounds}</p>
        <Ending result={result} limits={limits} onLine={() => onLine(result.line ?? 1)} />
        <Printed label={words.console.printed} {...result} nothing={words.transcript.empty} />
      </section>
      <section className={styles.result} aria-label={words.console.asPolicy}>
        <h3>{words.console.asPolicy}</h3>
        <p className={styles.quiet}>{words.console.asPolicyHint}</p>
        <p className={styles.ending}>
          <StatusBadge status={policyResult.status} word={words.transcript.status[policyResult.status]} />
          <span className={styles.quiet}>{words.console.characters(count(Array.from(read).length))}</span>
        </p>
        <Observation label={words.console.observation} text={read} error={policyResult.error} />
      </section>
    </div>
  );
}

const firstLine = (code: string): string =>
  code
    .split("\n")
    .find((line) => line.trim() !== "")
    ?.trim() ?? "";

/** What was run in this visit; pressing one brings it back. */
function History({ runs, shown }: Pick<ConsoleState, "runs" | "shown">) {
  const { words, language } = useWords();
  const [, change] = useConsole();
  return (
    <section className={styles.history} aria-label={words.console.history}>
      <h3>{words.console.history}</h3>
      <ol>
        {runs.map(({ number, code, result }) => (
          <li key={number}>
            <button
              type="button"
              className={styles.earlier}
              aria-current={number === shown}
              onClick={() => change((state) => ({ ...state, code, shown: number }))}
            >
              <span className={styles.quiet}>{number}</span>
              <code>{firstLine(code) || words.transcript.empty}</code>
              <span>{words.transcript.status[result.status]}</span>
              <span className={styles.quiet}>{formatValue(result.milliseconds, "milliseconds", language)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The policy's own Python, for the reader's hands. */
export function ConsoleView() {
  const { words } = useWords();
  const { controller } = usePageContext();
  const config = useLab((state) => state.info?.config);
  const [{ code, isRunning, runs, shown }, change] = useConsole();
  const field = useRef<CodeFieldHandle>(null);
  const run = runs.find(({ number }) => number === shown);
  // A line means nothing once the code is another.
  const marked = run?.code === code ? run.result.line : null;
  const start = (): void => void controller.runConsole();
  return (
    <div className={styles.console}>
      <div>
        <h2>{words.console.title}</h2>
        <p>{words.console.intro}</p>
      </div>
      <div className={styles.work}>
        <div className={styles.writing}>
          <CodeField
            ref={field}
            label={words.console.code}
            value={code}
            markedLine={marked}
            onChange={(value) => change((state) => ({ ...state, code: value }))}
            onRun={start}
          />
          <div className={styles.row}>
            <Button look="primary" isDisabled={!config || isRunning} onPress={start}>
              {isRunning ? words.console.running : words.console.run}
            </Button>
            <span className={styles.quiet}>{config ? words.console.hint : words.console.notReady}</span>
          </div>
        </div>
        {config ? <Limits runLimits={snippetLimits(config)} runSympy={config.sandbox.sympy} /> : null}
      </div>
      <div aria-live="polite" aria-busy={isRunning}>
        {run ? (
          <Results run={run} onLine={(line) => field.current?.select(line)} />
        ) : (
          <p className={styles.quiet}>{words.console.none}</p>
        )}
      </div>
      {runs.length > 1 ? <History runs={runs} shown={shown} /> : null}
      <ConsoleCounts />
    </div>
  );
}
