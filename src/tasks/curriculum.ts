/**
 * What a run asks: the families it draws from in training, those of them that its cold start shows, and the problems
 * that measure the difference: whether RL finds what no trace has shown (discovery).
 */
import type { LabConfig } from "../config/schema";
import { FaultError } from "../core/result";
import { makeRng } from "../core/rng";
import { pools } from "./pools";
import { keysOf, makeProblem } from "./problem";
import type { Family, Level, Problem, Wording } from "./task";
import { twinsOf } from "./twins";

type Asked = Pick<LabConfig, "problems"> & { coldStart: Pick<LabConfig["coldStart"], "leftOut"> };

export interface Curriculum {
  /** Names of the families that training draws from, each as often as it is drawn. */
  trained: readonly string[];
  /** Names of those that the cold start shows. */
  shown: readonly string[];
  /** How it words them. */
  wordings: readonly Wording[];
  /** Problems of those that are left out; none where nothing is. Training draws none with their numbers. */
  leftOut: readonly Problem[];
  /** Their keys (`keysOf`). */
  reserved: ReadonlySet<string>;
}

/** At least so many problems measure what was left out, as many as a benchmark has. */
const leastProblems = 30;

const levels: readonly Level[] = [1, 2, 3];

/** The families by turns, each at its levels by turns. */
function leftOutProblems(families: readonly Family[]): Problem[] {
  const rng = makeRng(0).fold("left-out");
  return Array.from({ length: families.length === 0 ? 0 : Math.max(leastProblems, families.length) }, (_, i) => {
    const family = families[i % families.length];
    const turn = Math.floor(i / families.length) + (i % families.length);
    return makeProblem(family, levels[turn % levels.length], rng.fold(family.name, i).uint32());
  });
}

function refuse(message: string, hint: string): never {
  throw new FaultError({ at: "config", code: "left-out", message, hint });
}

/** Reads a configuration. Throws a FaultError for a family that the pool has not, and where none is left to show. */
export function curriculumOf({ problems, coldStart }: Asked): Curriculum {
  const { families: pool, drawn: trained, wordings } = pools[problems];
  const names = coldStart.leftOut === "" ? [] : coldStart.leftOut.split(",");
  const families = names.map((name) => {
    const family = pool.get(name);
    return family ?? refuse(`There is no family "${name}" to leave out.`, `There are ${[...pool.keys()].join(", ")}.`);
  });
  // What another family asks in the same words would be shown by it.
  const hidden = new Set(names.flatMap((name) => [name, ...twinsOf(name)]));
  const shown = trained.filter((name) => !hidden.has(name));
  if (shown.length === 0)
    refuse("All families are left out of the cold start.", "Take at least one out of coldStart.leftOut.");
  const leftOut = leftOutProblems(families);
  return { trained, shown, wordings, leftOut, reserved: new Set(leftOut.flatMap(keysOf)) };
}
