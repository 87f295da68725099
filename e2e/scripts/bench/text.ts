/** A bench's report as text, for a terminal. */
import { type BenchReport, parityTolerance } from "../../../src/bench/report";
import { benchCells, parityVerdict, soakCells } from "../../../src/bench/table";

/** Numbers in columns, words to the left. */
function tableText(cells: readonly (readonly string[])[]): string {
  const widths = cells[0].map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  const isNumber = (i: number): boolean => cells.slice(1).every((row) => /^[-\d.]+$/.test(row[i]));
  return cells
    .map((row) => row.map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join("  "))
    .join("\n");
}

function parityText({ matches }: BenchReport): string {
  const lines = matches.flatMap(({ backend, size, parities }) =>
    parities.map((parity) => {
      const { subject, adapter } = parity;
      return `  ${`${backend} ${size} ${subject}`.padEnd(26)} ${parityVerdict(parity)}  (${adapter})`;
    }),
  );
  const { loss, logprob } = parityTolerance;
  return [`Largest differences from the oracle (at most ${loss} and ${logprob}):`, ...lines].join("\n");
}

function soakText(report: BenchReport): string {
  const cells = soakCells(report);
  return cells.length > 1 ? `Held over many steps by the lab's engine:\n${tableText(cells)}` : "";
}

/** Everything of a report that has been measured, for a terminal. */
export function reportText(report: BenchReport): string {
  return [parityText(report), tableText(benchCells(report)), soakText(report)].filter(Boolean).join("\n\n");
}
