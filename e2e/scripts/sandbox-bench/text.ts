/** Reports as tables in Markdown: the same for the terminal and for the file. */
import type { SoakCounts } from "../../sandbox-host/soak";
import type { MemoryReading } from "./memory";
import { isMet, type Row } from "./rows";

/** What a report was measured on. */
export interface Machine {
  command: string;
  versions: Record<string, string>;
  processor: string;
  cores: number;
  gigabytes: number;
  /** The load average over a minute, before and after. */
  load: { before: number; after: number };
}

export interface SoakReport {
  counts: SoakCounts;
  seconds: number;
  memory: MemoryReading[];
}

const short = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));

function table([titles, ...rows]: readonly (readonly string[])[]): string {
  const widths = titles.map((_, i) => Math.max(...[titles, ...rows].map((row) => row[i].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  return [line(titles), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function goalText({ goal, unit }: Row): string {
  if (goal === null) return "";
  const [word, value] = "atLeast" in goal ? ["at least", goal.atLeast] : ["at most", goal.atMost];
  return `${word} ${short(value)} ${unit}`;
}

/** Every row with its goal. */
export function benchText(rows: readonly Row[]): string {
  const words = (met: boolean | null): string => (met === null ? "" : met ? "met" : "missed");
  return table([
    ["what (medians)", "measured", "goal", ""],
    ...rows.map((row) => [row.what, `${short(row.value)} ${row.unit}`, goalText(row), words(isMet(row))]),
  ]);
}

export function soakText({ counts, seconds, memory }: SoakReport): string {
  const { snippets, hostile, lost, wrong, leaked, endings, faults } = counts;
  const verdict = (count: number): string => (count === 0 ? "met" : "missed");
  const megabytes = (value: number | null): string => (value === null ? "?" : `${short(value)} MB`);
  const ended = Object.entries(endings).map(([status, count]) => `${status} ${count}`);
  return [
    `${snippets} snippets in one run of ${short(seconds)} s, ${hostile} of them hostile (${ended.join(", ")}).`,
    table([
      ["count", "measured", "goal", ""],
      ["lost: no result", String(lost), "0", verdict(lost)],
      ["wrong: other bytes than the first time", String(wrong), "0", verdict(wrong)],
      ["leaked: read by a victim", String(leaked), "0", verdict(leaked)],
    ]),
    table([
      ["after snippets", "all processes (PSS)", "the page by the browser's count"],
      ...memory.map(({ at, processes, page }) => [String(at), megabytes(processes), megabytes(page)]),
    ]),
    ...faults.map((fault) => `\`\`\`\n${fault}\n\`\`\``),
  ].join("\n\n");
}

/** A report that stands alone. */
export function reportPage(title: string, machine: Machine, body: string): string {
  const { command, versions, processor, cores, gigabytes, load } = machine;
  return `# ${title}

${cores} cores (${processor}), ${gigabytes} GB; ${versions["browser"]}, Node ${versions["node"]}, Pyodide ${versions["pyodide"]}.
Load average ${load.before.toFixed(2)} before, ${load.after.toFixed(2)} after. Made by:

\`\`\`sh
${command}
\`\`\`

${body}
`;
}
