/** Problems for training. */
import type { Rng } from "../core/rng";
import { isReserved } from "./benchmarks";
import { makeProblem } from "./problem";
import { families } from "./registry";
import type { Family, Level, Problem } from "./task";

export interface SampleOptions {
  /** Names in the registry; all of them if left out. */
  families?: readonly string[];
  /** 1, 2 and 3 if left out. */
  levels?: readonly Level[];
  /** Questions that must not be drawn, besides those of the benchmarks. */
  exclude?: ReadonlySet<string>;
}

const registry: ReadonlyMap<string, Family> = new Map<string, Family>(Object.entries(families));

const drawLimit = 1000;

/**
 * Draws family and level, each as likely as the others, then a problem that no benchmark holds in any wording.
 * Throws a RangeError for an unknown family, and where `exclude` leaves nothing to draw.
 */
export function sampleProblem(rng: Rng, options: SampleOptions = {}): Problem {
  const family = familyNamed(rng.pick(options.families ?? [...registry.keys()]));
  const level = rng.pick<Level>(options.levels ?? [1, 2, 3]);
  for (let attempt = 0; attempt < drawLimit; attempt++) {
    const problem = makeProblem(family, level, rng.uint32());
    if (!isReserved(problem) && options.exclude?.has(problem.question) !== true) return problem;
  }
  throw new RangeError(`${family.name}, level ${level}: ${drawLimit} draws gave only excluded problems`);
}

function familyNamed(name: string): Family {
  const family = registry.get(name);
  if (family === undefined) {
    throw new RangeError(`There is no family "${name}"; there are ${[...registry.keys()].join(", ")}`);
  }
  return family;
}
