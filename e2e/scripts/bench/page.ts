/** A bench's report as a page that stands alone, and as one picture. */
import { parityTolerance } from "../../../src/bench/report";
import type { BenchReport, Parity } from "../../../src/bench/report";
import type { SubjectName } from "../../../src/bench/subject";
import {
  benchCells,
  type BenchRow,
  benchWorks,
  parityVerdict,
  shortNumber,
  soakCells,
  workName,
} from "../../../src/bench/table";
import { escapeMarkup } from "../../../src/storage/format";

/** What a report was measured with. */
export interface BenchMachine {
  command: string;
  versions: Record<string, string>;
  processors: number;
  /** The machine's load average over a minute, before and after. */
  load: { before: number; after: number };
}

const colours: Record<SubjectName, string> = { ours: "#0072b2", tfjs: "#d55e00", "jax-js": "#999999" };
const size = { width: 760, label: 210, text: 170, bar: 16, gap: 4, group: 14 };

function barOf({ subject, milliseconds, ratio, samples }: BenchRow, longest: number, y: number): string {
  const width = Math.max(1, ((size.width - size.label - size.text) * milliseconds) / longest);
  const times = subject === "ours" || ratio === null ? "" : `, ${shortNumber(ratio)} x`;
  return `<text x="${size.label - 8}" y="${y + 12}" text-anchor="end">${subject}</text>
<rect x="${size.label}" y="${y}" width="${width.toFixed(1)}" height="${size.bar}" fill="${colours[subject]}"/>
<text x="${(size.label + width + 6).toFixed(1)}" y="${y + 12}">${shortNumber(milliseconds)} ms${times} (n=${samples})</text>`;
}

/** Bars for every kind of work, each work on its own scale: shorter is faster. */
export function benchPicture(report: BenchReport): string {
  const parts: string[] = [];
  let y = 8;
  for (const rows of benchWorks(report)) {
    const [{ backend, size: policy, what }] = rows;
    const title = what.kind === "multiply" ? `${backend}, matrix product` : `${backend}, ${policy}, ${workName(what)}`;
    parts.push(`<text class="title" x="8" y="${y + 12}">${title}</text>`);
    y += size.bar + size.gap;
    const longest = Math.max(...rows.map(({ milliseconds }) => milliseconds));
    for (const row of rows) {
      parts.push(barOf(row, longest, y));
      y += size.bar + size.gap;
    }
    y += size.group;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${y}" width="${size.width}" height="${y}" role="img" aria-label="Median times of each engine">
<style>text{font:12px system-ui,sans-serif;fill:#333}.title{font-weight:600;fill:#111}</style>
<rect width="100%" height="100%" fill="#fff"/>
${parts.join("\n")}
</svg>
`;
}

function table([titles, ...rows]: readonly (readonly string[])[]): string {
  const cells = (list: readonly string[], tag: string): string =>
    `<tr>${list.map((cell) => `<${tag}>${escapeMarkup(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>${cells(titles, "th")}${rows.map((row) => cells(row, "td")).join("\n")}</table>`;
}

const parityItem = (parity: Parity): string =>
  `<li>${escapeMarkup(`${parity.subject} (${parity.adapter}): ${parityVerdict(parity)}`)}</li>`;

function soaks(report: BenchReport): string {
  const cells = soakCells(report);
  return cells.length > 1 ? `<h2>Held over many steps by the lab's engine</h2>${table(cells)}` : "";
}

/** The whole page, without anything from elsewhere. */
export function benchPage(machine: BenchMachine, report: BenchReport): string {
  const { command, versions, processors, load } = machine;
  const parities = report.matches.map(
    ({ backend, size: policy, parities: list }) =>
      `<h3>${backend}, ${policy}</h3><ul>${list.map(parityItem).join("")}</ul>`,
  );
  const facts = [
    ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
    `${processors} processors`,
    `load average ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after`,
  ];
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>ReTool Lab: bench</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:24px auto;padding:0 16px;color:#1b1d21;background:#fff}
table{border-collapse:collapse;font-size:13px;display:block;overflow-x:auto}td,th{padding:3px 8px;text-align:right;border-bottom:1px solid #ddd}
svg{max-width:100%;height:auto}code{white-space:pre-wrap}
</style>
<h1>Engines side by side</h1>
<p>The same policy, weights and batch for each. An engine is timed only where five losses and a text that it wrote agree
with the oracle on the cpu, to ${parityTolerance.loss}. They take turns, a piece of work each; the numbers are medians,
and "x" is the median of the rounds' ratios to the lab's own engine.</p>
<p><code>${escapeMarkup(command)}</code></p>
<p>${escapeMarkup(facts.join(" · "))}</p>
${benchPicture(report)}
<h2>Do they compute the same?</h2>
${parities.join("\n")}
<h2>All numbers</h2>
${table(benchCells(report))}
${soaks(report)}
</html>
`;
}
