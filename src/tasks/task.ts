/**
 * What a problem family is. A family is one file with a generator; the shared test proves each on 500 seeds:
 * every program is run by real Python and prints the answer.
 *
 * To add a family: write `families/NAME.ts` with `defineFamily` (any neighbour is a model) and add one line to
 * `registry.ts`. The tests then hold it to the rules of every family.
 */
import type { Rng } from "../core/rng";

/** The three kinds the paper names, and three that AIME has besides. */
export type Kind = "geometry" | "computation" | "equations" | "number-theory" | "combinatorics" | "sequences";

/** 1: a mind can do it; 2: a mind with paper; 3: only code is practical. */
export type Level = 1 | 2 | 3;

/** A generated problem with what the cold start needs to show it being solved. */
export interface Draft {
  question: string;
  /** 0 to 999. */
  answer: number;
  /**
   * Worked solutions in words and figures (Euclid's steps, column arithmetic, repeated squaring), without the
   * final answer tag. At least one.
   */
  worked: readonly string[];
  /** Correct Python programs in different styles; each prints just the answer. At least two. */
  programs: readonly string[];
}

/**
 * `seen` wordings are few and plain, the only ones of the usual training. `told` ones are many, for a policy that is to
 * read what it has not read before. `unseen` ones appear in a benchmark only, never in a cold start or in training.
 */
export type Wording = "seen" | "told" | "unseen";

export interface Family {
  /** The registry's key, such as "gcd". */
  name: string;
  kind: Kind;
  /** Draws numbers and wording from `rng`; one of the seen wordings unless told otherwise. */
  generate(rng: Rng, level: Level, wording?: Wording): Draft;
}

export interface Problem extends Draft {
  /** `family/level/seed`, and `/told` or `/unseen` after it for such a wording: enough to make it again. */
  id: string;
  family: string;
  kind: Kind;
  level: Level;
}
