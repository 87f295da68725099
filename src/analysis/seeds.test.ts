import { describe, expect, test } from "vitest";
import type { EvaluationReport } from "../core/evaluation";
import { measureGrid } from "../core/bootstrap";
import { reportEvaluation } from "./evaluation-report";
import { acrossSeeds } from "../core/seeds";
import { episode } from "./testing/episode";

/** A seed's report: problem i was right in `right[i]` of four samples. */
function reportOf(seed: number, right: readonly number[], order = right.map((_, i) => i)): EvaluationReport {
  const episodes = order.flatMap((i) =>
    [0, 1, 2, 3].map((sample) =>
      episode({
        correct: sample < right[i],
        correctByCode: sample < right[i] - 1,
        problem: { ...episode().problem, id: `p${i}` },
      }),
    ),
  );
  return reportEvaluation(
    { step: 9, set: "MiniAIME-24", title: "MiniAIME-24", seed, temperature: 1, topP: 0.7 },
    episodes,
  );
}

describe("scores across seeds", () => {
  test("are the mean over seeds and problems with a bootstrap over both, in whatever order problems stand", () => {
    const found = acrossSeeds([reportOf(1, [4, 2, 0, 4, 0]), reportOf(2, [3, 1, 1, 4, 0], [2, 0, 1, 4, 3])]);
    const grid = [
      [1, 0.5, 0, 1, 0],
      [0.75, 0.25, 0.25, 1, 0],
    ];
    expect(found).toMatchObject({ seeds: 2, problems: 5, accuracy: measureGrid(grid) });
    expect(found.accuracy.bounds).not.toBeNull();
    expect(found.accuracyByCode.mean).toBeCloseTo((0.75 + 0.25 + 0.75 + 0.5 + 0.75) / 10, 12);
  });

  test("refuse other problems", () => {
    expect(() => acrossSeeds([reportOf(1, [4, 2, 0]), reportOf(2, [3, 1])])).toThrow("same problems");
  });
});
