import { type MetricId, metrics, type MetricRow } from "../core/metrics";
import type { Words } from "../i18n/en";
import { formatCount, formatValue, type Language } from "./format";
import { ScrollTable } from "./ScrollTable";
import styles from "./MetricTable.module.css";

/** Enough to read; all of them are in the CSV. */
const rowsShown = 200;

interface MetricTableProps {
  rows: readonly MetricRow[];
  ids: readonly MetricId[];
  words: Words["charts"];
  language: Language;
}

/** The curves as numbers, newest step first: for readers of screens, for tests, and to copy from. */
export function MetricTable({ rows, ids, words, language }: MetricTableProps) {
  const newest = rows.slice(-rowsShown).reverse();
  const cell = (row: MetricRow, id: MetricId): string => {
    const value = row.values[id];
    return value === undefined ? "" : formatValue(value, metrics[id].unit, language);
  };
  return (
    <ScrollTable
      label={words.table}
      className={styles.rows}
      below={rows.length === 0 ? <p className={styles.note}>{words.none}</p> : null}
    >
      {rows.length > rowsShown ? (
        <caption className={styles.note}>{words.newest(rowsShown, rows.length)}</caption>
      ) : null}
      <thead>
        <tr>
          <th scope="col">{words.step}</th>
          <th scope="col">{words.episodes}</th>
          {ids.map((id) => (
            <th key={id} scope="col" title={metrics[id].formula}>
              {metrics[id].label[language]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {newest.map((row) => (
          <tr key={row.step}>
            <th scope="row">{row.step}</th>
            <td>{formatCount(row.episodes, language)}</td>
            {ids.map((id) => (
              <td key={id}>{cell(row, id)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
