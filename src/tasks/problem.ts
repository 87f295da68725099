/** Problems by name: the same family, level, seed and wording always make the same problem. */
import { makeRng } from "../core/rng";
import { compositions } from "./compositions";
import { trainingFamilies } from "./pools";
import type { Family, Level, Problem, Wording } from "./task";

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

/**
 * What tells a problem from others; two that share a key are one. Its family with its first program, which holds the
 * numbers, so that two wordings of one question are one; and its words, which several families may have in common.
 */
export function keysOf(problem: Problem): readonly string[] {
  return [`${problem.family}: ${problem.programs[0]}`, problem.question];
}

/** Whether a problem is one of those whose keys are given. */
export function isAmong(problem: Problem, keys: ReadonlySet<string>): boolean {
  return keysOf(problem).some((key) => keys.has(key));
}
