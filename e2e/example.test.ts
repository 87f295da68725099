import { expect, test } from "vitest";
import { makeRng } from "../src/core/rng";
import { writeTrace } from "../src/rollout/cold-start/writer";
import { problemFromId } from "../src/tasks/problem";
import { blocksOfPieces } from "../src/ui/blocks";
import { example } from "../src/app/example";

test("the example is what the cold start's writer writes for its problem", () => {
  const problem = problemFromId(example.problem);
  expect(problem.question).toBe(example.question);
  const traces = Array.from({ length: 20 }, (_, seed) => {
    const { trace } = writeTrace(problem, "oneBlock", makeRng(seed));
    const stream = (trace?.pieces ?? []).map((piece, index) => ({ ...piece, episode: "trace", index, probability: 1 }));
    return blocksOfPieces(stream).map(({ kind, text }) => ({ kind, text }));
  });
  expect(traces).toContainEqual(example.blocks.map(({ kind, text }) => ({ kind, text })));
});
