/**
 * The two fixed sets. MiniAIME-24 asks what training asks, about numbers that training never draws. MiniAIME-25
 * asks in wordings that training never uses, and for compositions of what it does use.
 */
import { type Key, makeRng } from "../core/rng";
import { compositions } from "./compositions";
import { isAmong, keysOf, makeProblem } from "./problem";
import { type FamilyName, families } from "./registry";
import type { Family, Level, Problem, Wording } from "./task";

export type BenchmarkName = "MiniAIME-24" | "MiniAIME-25";

/**
 * The first seed from 2024 on with which no answer stands twice in a set. Changing it makes other benchmarks:
 * results before and after cannot be compared.
 */
const benchmarkSeed = 4010;

/** Ten problems of each level; every family, half of them twice. */
const levels24: Record<FamilyName, readonly Level[]> = {
  "triangle-area": [1, 3],
  "squared-distance": [2],
  "squared-hypotenuse": [1, 2],
  "lattice-points": [3],
  "product-remainder": [1, 3],
  "power-remainder": [2, 3],
  "multiples-sum": [1],
  "digit-sum": [2],
  "linear-equation": [1, 3],
  "quadratic-root": [2],
  "sum-and-difference": [1],
  congruences: [2, 3],
  gcd: [2, 3],
  lcm: [1],
  "divisor-sum": [2],
  "prime-count": [1, 3],
  binomial: [2, 3],
  "either-multiples": [1],
  "fibonacci-remainder": [1, 3],
  "arithmetic-sum": [2],
};

/** The families that MiniAIME-25 asks about in unseen wordings: five of each level. */
const reworded: Partial<Record<FamilyName, Level>> = {
  "triangle-area": 2,
  "squared-distance": 1,
  "squared-hypotenuse": 3,
  "lattice-points": 1,
  "product-remainder": 2,
  "multiples-sum": 3,
  "digit-sum": 1,
  "linear-equation": 2,
  "quadratic-root": 1,
  "sum-and-difference": 3,
  gcd: 2,
  lcm: 3,
  binomial: 1,
  "either-multiples": 2,
  "arithmetic-sum": 3,
};

/** The compositions of MiniAIME-25: five of each level. */
const composed: Record<string, Level> = {
  "multiples-sum-remainder": 2,
  "gcd-of-squares": 1,
  "gcd-of-three": 2,
  "digit-sum-of-product": 3,
  "power-sum-remainder": 2,
  "prime-sum": 3,
  "multiples-of-one-only": 1,
  "box-diagonal": 3,
  "other-leg": 1,
  "triangle-boundary": 2,
  "product-from-sum-and-difference": 1,
  "sum-of-root-squares": 3,
  "equation-with-x-on-both-sides": 2,
  "digit-sum-of-fibonacci": 3,
  "teams-of-both": 1,
};

function drawProblem(benchmark: BenchmarkName, family: Family, level: Level, wording: Wording): Problem {
  const keys: Key[] = [benchmark, family.name, level];
  return makeProblem(
    family,
    level,
    makeRng(benchmarkSeed)
      .fold(...keys)
      .uint32(),
    wording,
  );
}

function unseenNumbers(): Problem[] {
  return Object.values(families).flatMap((family) =>
    levelsOf(family).map((level) => drawProblem("MiniAIME-24", family, level, "seen")),
  );
}

function levelsOf(family: Family): readonly Level[] {
  return new Map<string, readonly Level[]>(Object.entries(levels24)).get(family.name) ?? [];
}

function unseenWordings(): Problem[] {
  const known = new Map<string, Family>([...Object.entries(families), ...Object.entries(compositions)]);
  const plan = [...Object.entries(reworded), ...Object.entries(composed)];
  return plan.flatMap(([name, level]) => {
    const family = known.get(name);
    return family === undefined ? [] : [drawProblem("MiniAIME-25", family, level, "unseen")];
  });
}

/** Thirty problems each, the same on every machine. */
export const benchmarks: Readonly<Record<BenchmarkName, readonly Problem[]>> = {
  "MiniAIME-24": unseenNumbers(),
  "MiniAIME-25": unseenWordings(),
};

const reserved: ReadonlySet<string> = new Set(Object.values(benchmarks).flat().flatMap(keysOf));

/** Whether a benchmark asks this, in these words or others. */
export function isReserved(problem: Problem): boolean {
  return isAmong(problem, reserved);
}
