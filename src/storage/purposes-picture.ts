/** What snippets are for, before and after learning (paper, section 4.2), as one SVG that stands by itself. */
import { codePurposes, type CodePurpose } from "../core/code-purpose";
import { escapeMarkup, formatValue } from "./format";

/** The snippets of some evaluations, counted by what they are for. */
export interface PurposeCounts {
  name: string;
  colour: string;
  counts: Readonly<Record<CodePurpose, number>>;
}

const size = { left: 96, bar: 300, thick: 13, row: 40, head: 46 };

const style = "text{font:11px system-ui,sans-serif;fill:#333}.title{font-weight:600;fill:#111}";

/** The share of a group's snippets that are for `purpose`; 0 where it has none. */
function shareOf({ counts }: PurposeCounts, purpose: CodePurpose): number {
  const all = codePurposes.reduce((sum, one) => sum + counts[one], 0);
  return all === 0 ? 0 : counts[purpose] / all;
}

/** A bar for each group and purpose, as long as its share of that group's snippets. Purposes of no snippet are left out. */
export function purposesPicture(groups: readonly PurposeCounts[]): string {
  const shown = codePurposes.filter((purpose) => groups.some(({ counts }) => counts[purpose] > 0));
  const [width, height] = [size.left + size.bar + 70, size.head + size.row * shown.length];
  const names = groups.map(({ name, colour }, i) => {
    const x = size.left + 150 * i;
    return `<rect x="${x}" y="22" width="12" height="12" fill="${colour}"/><text x="${x + 18}" y="28" dy="0.32em">${escapeMarkup(name)}</text>`;
  });
  const rows = shown.flatMap((purpose, place) => {
    const top = size.head + size.row * place;
    const middle = top + (size.thick * groups.length) / 2;
    const label = `<text x="${size.left - 8}" y="${middle}" dy="0.32em" text-anchor="end">${purpose}</text>`;
    const bars = groups.map((group, i) => {
      const share = shareOf(group, purpose);
      const [y, length] = [top + size.thick * i, Number((size.bar * share).toFixed(1))];
      const bar = `<rect class="bar" x="${size.left}" y="${y}" width="${length}" height="${size.thick - 2}" fill="${group.colour}"/>`;
      const value = `<text x="${size.left + length + 6}" y="${y + 5}" dy="0.32em">${formatValue(share, "share")}</text>`;
      return bar + value;
    });
    return [label, ...bars];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 ${width + 24} ${height + 24}" width="${width + 24}" height="${height + 24}">`,
    `<style>${style}</style><rect x="-12" y="-12" width="${width + 24}" height="${height + 24}" fill="#fff"/>`,
    '<text x="0" y="6" class="title">what the code is for, share of the snippets</text>',
    ...names,
    ...rows,
    "</svg>\n",
  ].join("");
}
