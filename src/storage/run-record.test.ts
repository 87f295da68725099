import { describe, expect, test } from "vitest";
import { corrected, makeEpisode, wrong } from "./fixture";
import { addEvaluation, addExamples, noExamples } from "./run-record";

const flags = { ...wrong.flags, sandboxFailure: true };

describe("examples", () => {
  test("are the newest of each kind", () => {
    const old = makeEpisode({ id: "old" });
    const newer = makeEpisode({ id: "newer" });
    const first = addExamples(noExamples, [old, newer, corrected]);
    expect(first).toEqual({ success: newer, selfCorrection: corrected, failure: null });
    expect(addExamples(first, [wrong])).toEqual({ success: newer, selfCorrection: corrected, failure: wrong });
  });

  test("are never episodes without a snippet, nor those that the sandbox spoiled", () => {
    const silent = makeEpisode({ turns: [] });
    expect(addExamples(noExamples, [silent, { ...wrong, flags }])).toEqual(noExamples);
  });
});

describe("evaluations", () => {
  const sample = (step: number, id: string, correct: boolean): ReturnType<typeof makeEpisode> =>
    makeEpisode({
      purpose: "evaluation",
      step,
      correct,
      correctByCode: false,
      problem: { ...wrong.problem, id },
    });

  test("count samples by problem, whatever batches they come in", () => {
    const once = addEvaluation([], [sample(10, "a", true), sample(0, "a", false), sample(10, "b", false)]);
    const all = addEvaluation(once, [sample(10, "a", false)]);
    expect(all.map(({ step }) => step)).toEqual([0, 10]);
    const scores = new Map(all[1].problems.map((problem) => [problem.id, problem]));
    expect(scores.get("a")).toMatchObject({ samples: 2, right: 1, byCode: 0 });
    expect(scores.get("b")).toMatchObject({ samples: 1, right: 0 });
  });

  test("leave out training episodes and dropped ones", () => {
    const spoiled = { ...sample(0, "a", true), flags };
    expect(addEvaluation([], [corrected, spoiled])).toEqual([]);
  });
});
