/** Problems by name: the same family, level, seed and wording always make the same problem. */
import { makeRng } from "../core/rng";
import { compositions } from "./compositions";
import { trainingFamilies } from "./pools";
import type { Family, Level, Problem, Wording } from "./task";
import { twinsOf } from "./twins";

/** Everything that can be generated, training families and the benchmark's compositions. */
const everyFamily: ReadonlyMap<string, Family> = new Map([...trainingFamilies, ...Object.entries(compositions)]);

/** The problem of a family, level, seed (a whole number from 0 to 2^32 - 1) and wording. */
export function makeProblem(family: Family, level: Level, seed: number, wording: Wording = "seen"): Problem {
  const draft = family.generate(makeRng(seed).fold(family.name, level), level, wording);
  const id = [family.name, level, seed, ...(wording === "seen" ? [] : [wording])].join("/");
  return { ...draft, id, family: family.name, kind: family.kind, level };
}

const idForm = /^([a-z-]+)\/([123])\/(\d+)(?:\/(told|unseen))?$/;

/** Makes a problem again from its id. Throws a RangeError if no problem can have that id. */
export function problemFromId(id: string): Problem {
  const parts = idForm.exec(id);
  const family = everyFamily.get(parts?.[1] ?? "");
  if (parts === null || family === undefined) {
    throw new RangeError(`"${id}" is not a problem's id; ids look like gcd/2/12345`);
  }
  return makeProblem(family, levelOf(parts[2]), Number(parts[3]), wordingOf(parts[4]));
}

function wordingOf(text: string | undefined): Wording {
  return text === "told" || text === "unseen" ? text : "seen";
}

function levelOf(text: string): Level {
  return text === "1" ? 1 : text === "2" ? 2 : 3;
}

const programKey = ({ family, programs }: Problem): string => `${family}: ${programs[0]}`;

/** The numbers of a question, in whatever order it names them; an exponent of x is none. */
export function numbersOf(question: string): string {
  const numbers = question.replaceAll(/\bx\^\d+/g, "").match(/\d+/g) ?? [];
  return numbers.sort().join(" ");
}

/**
 * What other problems must not share with this one, so that nobody has met it, however it is worded: in its own family
 * the first program, which holds the numbers; in families that ask the same, the numbers.
 */
export function keysOf(problem: Problem): string[] {
  const numbers = numbersOf(problem.question);
  return [programKey(problem), ...twinsOf(problem.family).map((twin) => `${twin}: ${numbers}`)];
}

/** Whether a problem asks what one of those does whose keys (`keysOf`) are given. */
export function isAmong(problem: Problem, keys: ReadonlySet<string>): boolean {
  return keys.has(programKey(problem)) || keys.has(`${problem.family}: ${numbersOf(problem.question)}`);
}
