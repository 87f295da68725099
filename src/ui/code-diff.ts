/** Two versions of a snippet line by line, with the words marked that changed within a line. */
import { diffLines, diffWordsWithSpace } from "diff";

export interface DiffPart {
  text: string;
  changed: boolean;
}

export interface DiffLine {
  kind: "same" | "removed" | "added";
  /** Together they are the line. */
  parts: DiffPart[];
}

const linesOf = (text: string): string[] => text.replace(/\n$/, "").split("\n");

/** A last line without its line break would differ from the same line with one. */
const ended = (text: string): string => `${text.trimEnd()}\n`;

/** The two lines of a pair: each with the words that the other does not have. */
function markWords(before: string, after: string): [removed: DiffLine, added: DiffLine] {
  const changes = diffWordsWithSpace(before, after);
  const side = (kind: "removed" | "added"): DiffLine => ({
    kind,
    parts: changes
      .filter((change) => change[kind] || (!change.added && !change.removed))
      .map((change) => ({ text: change.value, changed: change[kind] })),
  });
  return [side("removed"), side("added")];
}

const whole = (kind: DiffLine["kind"], line: string): DiffLine => ({
  kind,
  parts: [{ text: line, changed: kind !== "same" }],
});

/** What was taken out and what came in its place: lines stand against each other in their order. */
function replaced(before: readonly string[], after: readonly string[]): DiffLine[] {
  const removed: DiffLine[] = [];
  const added: DiffLine[] = [];
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    if (i >= before.length) added.push(whole("added", after[i]));
    else if (i >= after.length) removed.push(whole("removed", before[i]));
    else {
      const [out, into] = markWords(before[i], after[i]);
      removed.push(out);
      added.push(into);
    }
  }
  return [...removed, ...added];
}

/** Every line of both snippets, in reading order; what is the same stands once. */
export function diffCode(before: string, after: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let waiting: string[] = [];
  const settle = (added: readonly string[]): void => {
    lines.push(...replaced(waiting, added));
    waiting = [];
  };
  for (const { value, added, removed } of diffLines(ended(before), ended(after))) {
    if (removed) {
      settle([]);
      waiting = linesOf(value);
    } else if (added) settle(linesOf(value));
    else {
      settle([]);
      lines.push(...linesOf(value).map((line) => whole("same", line)));
    }
  }
  settle([]);
  return lines;
}
