/**
 * D_init (paper, section 2.2): worked solutions in text, from which D_CI is made. A share of them hold a failed
 * exploration, as a mind's do: a line that is wrong, is seen to be, and is done again. It is always a slip in text. No
 * trace holds a snippet that fails: mending code has to emerge.
 */
import type { Rng } from "../../core/rng";
import type { Problem } from "../../tasks/task";

/** What stands behind a line that is taken back. */
export const takenBack = " no";

const result = /^(.*=)(-?\d+)$/;

/** The line with one digit of its result changed, or null where it claims no result. */
function slip(line: string, rng: Rng): string | null {
  const found = result.exec(line);
  if (!found) return null;
  const [, claim, value] = found;
  const places = Array.from(value).flatMap((character, place) => (character === "-" ? [] : [place]));
  const place = rng.pick(places);
  const digit = (Number(value[place]) + rng.int(1, 9)) % 10;
  const wrong = value.slice(0, place) + String(digit) + value.slice(place + 1);
  // A number does not begin with 0 unless it is 0.
  return String(Number(wrong)) === wrong ? `${claim}${wrong}${takenBack}` : null;
}

/** The lines of a worked solution; with the chance `exploration` one of them is tried wrongly first. */
export function initialLines(problem: Problem, exploration: number, pick: Rng, explore: Rng): string[] {
  const lines = pick.pick(problem.worked).split("\n");
  if (explore.float() >= exploration) return lines;
  const place = explore.int(0, lines.length - 1);
  const attempt = slip(lines[place], explore);
  return attempt === null ? lines : [...lines.slice(0, place), attempt, ...lines.slice(place)];
}
