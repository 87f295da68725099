/** The form that a family file fills in, and what turns it into a `Family`. */
import type { Rng } from "../core/rng";
import { type Cast, drawCast } from "./lexicon";
import { greatestCommonDivisor } from "./whole-numbers";
import type { Draft, Family, Kind, Level, Wording } from "./task";

/** The parts of a family over its numbers `N`. */
interface Recipe<N> {
  /** The registry's key. */
  name: string;
  kind: Kind;
  /** Draws the numbers. Numbers whose answer is not in 0..999 are drawn again. */
  draw(rng: Rng, level: Level): N;
  answer(numbers: N): number;
  /** Short plain questions, at least two, in the small vocabulary that all families share; none in compositions. */
  seen: readonly ((numbers: N) => string)[];
  /** Further questions of training, in shapes as unlike as people's; `seen` again where there are none. */
  told?: readonly ((numbers: N, cast: Cast) => string)[];
  /** Questions for the benchmark of unseen wordings; new words are welcome. */
  unseen: readonly ((numbers: N) => string)[];
  /** Worked solutions as lines, each true; the last number of the last line is the answer. */
  worked(numbers: N, level: Level): readonly (readonly string[])[];
  /** Programs that print the answer. The first must be the same text for the same numbers. */
  programs(numbers: N): readonly string[];
}

/** AIME's largest answer. */
const largestAnswer = 999;

const drawLimit = 1000;

/** A family from its recipe. `generate` throws a RangeError if no draw has an answer from 0 to 999. */
export function defineFamily<N>(recipe: Recipe<N>): Family {
  const drawNumbers = (rng: Rng, level: Level): N => {
    for (let attempt = 0; attempt < drawLimit; attempt++) {
      const numbers = recipe.draw(rng, level);
      const answer = recipe.answer(numbers);
      if (answer >= 0 && answer <= largestAnswer) return numbers;
    }
    throw new RangeError(
      `${recipe.name}, level ${level}: ${drawLimit} draws gave no answer from 0 to ${largestAnswer}`,
    );
  };
  return {
    name: recipe.name,
    kind: recipe.kind,
    generate(rng: Rng, level: Level, wording: Wording = "seen"): Draft {
      const numbers = drawNumbers(rng, level);
      return {
        question: wordedBy(recipe, wording, rng)(numbers),
        answer: recipe.answer(numbers),
        worked: recipe.worked(numbers, level).map((lines) => lines.join("\n")),
        programs: recipe.programs(numbers),
      };
    },
  };
}

function wordedBy<N>(recipe: Recipe<N>, wording: Wording, rng: Rng): (numbers: N) => string {
  if (wording !== "told" || recipe.told === undefined)
    return rng.pick(wording === "unseen" ? recipe.unseen : recipe.seen);
  const told = rng.pick(recipe.told);
  return (numbers) => told(numbers, drawCast(rng));
}

/** A value for each level, such as a range of numbers. */
export function byLevel<T>(level: Level, ...values: readonly [T, T, T]): T {
  return values[level - 1];
}

/** A whole number from an inclusive range that depends on the level. */
export function intByLevel(rng: Rng, level: Level, ...ranges: [Range, Range, Range]): number {
  return rng.int(...byLevel(level, ...ranges));
}

export type Range = readonly [low: number, high: number];

/**
 * A draw in which every reachable answer is equally likely: first the answer, then numbers that lead to it.
 * For families whose answers would otherwise crowd on a few values that a policy could guess.
 */
export function drawEvenly<N>(
  candidates: (level: Level) => readonly N[],
  answer: (numbers: N) => number,
): (rng: Rng, level: Level) => N {
  const tables = new Map<Level, N[][]>();
  const tableOf = (level: Level): N[][] => {
    const known = tables.get(level);
    if (known !== undefined) return known;
    const groups = new Map<number, N[]>();
    for (const numbers of candidates(level)) {
      const group = groups.get(answer(numbers));
      if (group === undefined) groups.set(answer(numbers), [numbers]);
      else group.push(numbers);
    }
    const table = [...groups.values()];
    tables.set(level, table);
    return table;
  };
  return (rng, level) => rng.pick(rng.pick(tableOf(level)));
}

/** Two different numbers with the greatest common divisor `divisor`: its multiples by coprime numbers of `range`. */
export function pairWithDivisor(rng: Rng, divisor: number, range: Range): { a: number; b: number } {
  for (;;) {
    const a = rng.int(...range);
    const b = rng.int(...range);
    if (a !== b && greatestCommonDivisor(a, b) === 1) return { a: a * divisor, b: b * divisor };
  }
}
