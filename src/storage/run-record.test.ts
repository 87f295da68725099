import { describe, expect, test } from "vitest";
import { corrected, makeEpisode, wrong } from "./fixture";
import { addExamples, noExamples } from "./run-record";

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
