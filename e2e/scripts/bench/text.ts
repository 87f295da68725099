/** A bench's report as text, for a terminal. */
import { type BenchReport, parityTolerance } from "../../../src/bench/report";
import { benchCells } from "../../../src/bench/table";

/** Numbers in columns, words to the left. */
function tableText(cells: readonly (readonly string[])[]): string {
  const widths = cells[0].map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  const isNumber = (i: number): boolean => cells.slice(1).every((row) => /^[-\d.]+$/.test(row[i]));
  return cells
    .map((row) => row.map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join("  "))
    .join("\n");
}

function parityText({ matches }: BenchReport): string {
  const error = (value: number | null): string => (value === null ? "-" : value.toExponential(1));
  const lines = matches.flatMap(({ backend, size, parities }) =>
    parities.map(({ subject, adapter, lossError, logprobError, agreed, fault }) => {
      const verdict = agreed ? "agrees" : `not timed${fault ? `: ${fault}` : ""}`;
      const errors = `losses ${error(lossError)}, logprobs ${error(logprobError)}`;
      return `  ${`${backend} ${size} ${subject}`.padEnd(26)} ${errors}  ${verdict}  (${adapter})`;
    }),
  );
  const { loss, logprob } = parityTolerance;
  return [`Largest differences from the oracle (at most ${loss} and ${logprob}):`, ...lines].join("\n");
}

function soakText({ soaks }: BenchReport): string {
  const lines = soaks.flatMap(({ backend, size, points }) =>
    points.map(({ steps, footprint: { bytes, buffers, heap } }) => {
      const megabytes = (value: number | null): string => (value === null ? "-" : (value / 2 ** 20).toFixed(1));
      const held = `${megabytes(bytes)} MB, ${buffers} buffers, heap ${megabytes(heap)} MB`;
      return `  ${backend} ${size} after ${String(steps).padStart(5)} steps: ${held}`;
    }),
  );
  return lines.length > 0 ? ["Held over many steps by the lab's engine:", ...lines].join("\n") : "";
}

/** Everything of a report that has been measured, for a terminal. */
export function reportText(report: BenchReport): string {
  return [parityText(report), tableText(benchCells(report)), soakText(report)].filter(Boolean).join("\n\n");
}
