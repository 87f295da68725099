import { describe, expect, test } from "vitest";
import { figure3 } from "./figure-3";
import { episode, turn } from "./testing/episode";

const failed = turn("print(", "error");
const wrong = { correct: false, correctByCode: false };

describe("Figure 3 on the evaluation set", () => {
  const mended = episode({ turns: [failed, turn("print(1)")] });
  const spoiled = episode({ turns: [turn("print(1)"), failed], ...wrong });
  const misled = episode({ turns: [turn("print(2)")], ...wrong });
  const silent = episode({ turns: [], mask: [0, 0, 1, 1, 1, 1, 1, 1, 1, 1] });

  test("has all six panels", () => {
    expect(figure3([episode(), mended, spoiled, silent])).toEqual({
      evaluationResponseLength: (6 + 6 + 6 + 8) / 4,
      evaluationResponseLengthWithInterpreter: 8,
      evaluationCodeRatio: 3 / 4,
      evaluationCodeLines: (2 + 2 + 2) / 4,
      evaluationCorrectCode: 1 + 1 + 1,
      evaluationPassRateRight: 1,
      evaluationPassRateWrong: 0,
      evaluationInvocationTiming: (2 / 8 + 0 + 0) / 3,
    });
  });

  test("judges the last snippet alone, apart for right and wrong answers", () => {
    const values = figure3([mended, spoiled, misled, silent]);
    expect(values).toMatchObject({ evaluationPassRateRight: 1, evaluationPassRateWrong: 1 / 2 });
  });

  test("leaves out rates over nothing", () => {
    const values = figure3([silent]);
    expect(values).toMatchObject({ evaluationCodeRatio: 0, evaluationCorrectCode: 0 });
    expect(Object.keys(values).filter((id) => /PassRate|Timing/.test(id))).toEqual([]);
  });
});
