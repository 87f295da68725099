/** The people and things of problems that are told as stories: drawn anew for each, so that one wording is many. */
import type { Rng } from "../core/rng";

const people = [
  { person: "Ann", pronoun: "she" },
  { person: "Bob", pronoun: "he" },
  { person: "Eva", pronoun: "she" },
  { person: "Leo", pronoun: "he" },
  { person: "Mia", pronoun: "she" },
  { person: "Tom", pronoun: "he" },
] as const;

const things = ["apples", "books", "cards", "coins", "pens"] as const;

const signals = ["bells ring", "lamps blink", "trains pass"] as const;

const groups = [
  { group: "team", members: "players" },
  { group: "class", members: "pupils" },
] as const;

/** Who and what a story is about. */
export interface Cast {
  person: string;
  /** For `person`: "he" or "she". */
  pronoun: string;
  /** Another person than `person`. */
  friend: string;
  things: string;
  /** What comes again and again, with its verb: "lamps blink". */
  signals: string;
  group: string;
  members: string;
}

export function drawCast(rng: Rng): Cast {
  const first = rng.int(0, people.length - 1);
  const second = (first + rng.int(1, people.length - 1)) % people.length;
  return {
    ...people[first],
    friend: people[second].person,
    things: rng.pick(things),
    signals: rng.pick(signals),
    ...rng.pick(groups),
  };
}
