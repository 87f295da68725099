/** Files of JSON lines, as runs leave them. */
import { existsSync, readFileSync } from "node:fs";

/** The lines of a file; none where it is not there. A last one that a kill has cut short is left out. */
export function linesOf<T>(file: string): T[] {
  if (!existsSync(file)) return [];
  const whole = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return whole.filter((line) => line !== "").map((line) => JSON.parse(line) as T);
}
