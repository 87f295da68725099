/** Problems for training. */
import type { Rng } from "../core/rng";
import { isReserved } from "./benchmarks";
import { isAmong, makeProblem } from "./problem";
import { pools, trainingFamilies } from "./pools";
import type { Family, Level, Problem, Wording } from "./task";

export interface SampleOptions {
  /** Names of training families; those of the usual pool if left out. */
  families?: readonly string[];
  /** 1, 2 and 3 if left out. */
  levels?: readonly Level[];
  /** Each as likely as the others; `seen` if left out. */
  wordings?: readonly Wording[];
  /** Keys (`keysOf`) of problems that must not be drawn, besides those of the benchmarks. */
  exclude?: ReadonlySet<string>;
}

const drawLimit = 1000;

/**
 * Draws family, level and wording, each as likely as the others, then a problem that no benchmark holds in any wording.
 * Throws a RangeError for an unknown family, and where `exclude` leaves nothing to draw.
 */
export function sampleProblem(rng: Rng, options: SampleOptions = {}): Problem {
  const family = familyNamed(rng.pick(options.families ?? [...pools.families.families.keys()]));
  const level = rng.pick<Level>(options.levels ?? [1, 2, 3]);
  const wording = rng.fold("wording").pick<Wording>(options.wordings ?? ["seen"]);
  for (let attempt = 0; attempt < drawLimit; attempt++) {
    const problem = makeProblem(family, level, rng.uint32(), wording);
    if (!isReserved(problem) && !(options.exclude && isAmong(problem, options.exclude))) return problem;
  }
  throw new RangeError(`${family.name}, level ${level}: ${drawLimit} draws gave only excluded problems`);
}

function familyNamed(name: string): Family {
  const family = trainingFamilies.get(name);
  if (family === undefined) {
    throw new RangeError(`There is no family "${name}"; there are ${[...trainingFamilies.keys()].join(", ")}`);
  }
  return family;
}
