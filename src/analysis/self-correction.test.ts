import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import type { SnippetStatus } from "../core/episode";
import { countCorrections, findCorrection } from "./self-correction";
import { episode, turn } from "./testing/episode";

const failed = turn("print(", "error");
const other = turn("print((1)", "error");
const mended = turn("print(1)", "ok");

describe("self-correction", () => {
  test.each([
    ["the next snippet", [failed, mended], 1],
    ["a later one, after the same again", [failed, failed, mended], 2],
    ["a later one, after another failure", [failed, other, mended], 2],
    ["a snippet that ran out of time before", [turn("while 1: 1", "timeout"), mended], 1],
  ])("succeeds by %s", (_, turns, place) => {
    expect(findCorrection({ turns, correct: true })).toEqual({ failed: 0, mended: place, succeeded: true });
  });

  test.each([
    ["a wrong answer", [failed, mended], false, 1],
    ["another snippet that failed too", [failed, other], true, 1],
    ["another that failed after the same again", [failed, failed, other], true, 2],
  ])("is attempted in vain with %s", (_, turns, correct, place) => {
    expect(findCorrection({ turns, correct })).toEqual({ failed: 0, mended: place, succeeded: false });
  });

  test("may mend a later snippet, and pairs the one that failed with the one that ran", () => {
    const checked = [turn("print(0)", "ok"), failed, other, mended];
    expect(findCorrection({ turns: checked, correct: true })).toEqual({ failed: 1, mended: 3, succeeded: true });
    const last = [failed, other, failed];
    expect(findCorrection({ turns: last, correct: true })).toEqual({ failed: 0, mended: 1, succeeded: false });
  });

  test.each([
    ["a failure after all that ran", [mended, failed]],
    ["the same snippet again, and be it with a blank line", [failed, turn("print(\n", "ok")]],
    ["one snippet alone", [failed]],
    ["no snippet", []],
    ["a sandbox that crashed", [turn("print(1)", "crash"), turn("print(2)", "ok")]],
  ])("is not attempted with %s", (_, turns) => {
    expect(findCorrection({ turns, correct: true })).toBeNull();
  });

  const status = fc.constantFrom<SnippetStatus>("ok", "error", "timeout", "memory", "output", "crash");
  const turns = fc.array(
    fc.tuple(fc.constantFrom("a", "b", "c"), status).map(([code, ended]) => turn(code, ended)),
    { maxLength: 5 },
  );

  property.prop([turns, fc.boolean()])("agrees with a slow loop over all pairs", (list, correct) => {
    let attempted = false;
    let succeeded = false;
    for (let later = 1; later < list.length; later++) {
      for (const earlier of list.slice(0, later)) {
        if (["ok", "crash"].includes(earlier.status) || list[later].code === earlier.code) continue;
        attempted = true;
        if (list[later].status === "ok" && correct) succeeded = true;
      }
    }
    const found = findCorrection({ turns: list, correct });
    expect([found !== null, found?.succeeded ?? false]).toEqual([attempted, succeeded]);
  });

  test("is counted and its rate is successes by attempts", () => {
    const right = episode({ turns: [failed, mended] });
    const wrong = episode({ turns: [failed, mended], correct: false });
    expect(countCorrections([right, wrong, right, episode()])).toEqual({ attempted: 3, succeeded: 2, rate: 2 / 3 });
    expect(countCorrections([episode()])).toEqual({ attempted: 0, succeeded: 0, rate: undefined });
  });
});
