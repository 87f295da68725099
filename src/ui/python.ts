/** Python in colours: a list of stretches with the class of each, for code that is often still half written. */
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/python";

export interface Stretch {
  text: string;
  /** Space-separated `tok-` classes, or "". */
  classes: string;
}

/** Cuts `code` into stretches; together they are the code again. Never throws: errors are just not coloured. */
export function highlightPython(code: string): Stretch[] {
  const stretches: Stretch[] = [];
  highlightCode(
    code,
    parser.parse(code),
    classHighlighter,
    (text, classes) => stretches.push({ text, classes }),
    () => stretches.push({ text: "\n", classes: "" }),
  );
  return stretches;
}
