import type { ReactNode } from "react";
import type { MetricId, MetricRow } from "../core/metrics";
import { formatCount, formatParameters, formatValue } from "../ui/format";
import { useLab, useWords } from "./context";
import styles from "./Facts.module.css";

function Fact({ name, children, title }: { name: string; children: ReactNode; title?: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd title={title}>{children}</dd>
    </>
  );
}

const lastValue = (rows: readonly MetricRow[], id: MetricId): number | undefined =>
  rows.findLast((row) => row.values[id] !== undefined)?.values[id];

function SnippetFacts() {
  const { words, language } = useWords();
  const counts = useLab((state) => state.run.sandbox);
  const all = counts.ok + counts.error + counts.timeout + counts.memory + counts.output + counts.crash;
  const trouble = words.facts.sandbox(counts);
  return (
    <Fact name={words.facts.snippets}>
      {words.facts.snippetsValue(formatCount(counts.ok, language), formatCount(all, language))}
      {trouble ? <div>{trouble}</div> : null}
    </Fact>
  );
}

/** What runs where, and how fast: quiet, and always in the same place. */
export function Facts() {
  const { words, language } = useWords();
  const info = useLab((state) => state.info);
  const present = useLab((state) => state.run.backend);
  const rows = useLab((state) => state.run.rows);
  const memory = lastValue(rows, "tensorMegabytes");
  const speed = lastValue(rows, "tokensPerSecond");
  if (!info) return null;
  const backend = present ?? info.backend;
  return (
    <dl className={styles.facts} aria-label={words.facts.title}>
      <Fact name={words.facts.backend} title={backend.reason}>
        {backend.name} · {words.facts.threads} {backend.threads}
        <div className={styles.why}>{backend.reason}</div>
      </Fact>
      <Fact name={words.facts.adapter} title={backend.adapter}>
        {backend.adapter}
      </Fact>
      <Fact name={words.facts.parameters} title={info.checkpoint}>
        {formatParameters(info.parameters, language)} · {info.checkpoint}
      </Fact>
      {speed === undefined ? null : (
        <Fact name={words.facts.speed}>
          {formatCount(speed, language)} {words.facts.tokensPerSecond}
          {memory === undefined ? null : ` · ${formatValue(memory, "megabytes", language)}`}
        </Fact>
      )}
      <SnippetFacts />
    </dl>
  );
}
